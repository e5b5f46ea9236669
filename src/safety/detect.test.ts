import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { detect, type FindingKind } from './detect.ts';

/** Numbers that standards, registries and card networks publish as examples; none belongs to a person. */
const identifiers: Readonly<Record<FindingKind, readonly string[]>> = {
  'personal-code': ['37605030299', '60001019906', '50001010006', '10101010005', 'IK37605030299', '٣٧٦٠٥٠٣٠٢٩٩'],
  iban: [
    'EE382200221020145685',
    'EE38 2200 2210 2014 5685',
    'ee38-2200-2210-2014-5685',
    'DE89370400440532013000',
    'GB82 WEST 1234 5698 7654 32',
    'NO9386011117947',
    'MT84MALT011000012345MTLCAST001S',
  ],
  email: [
    'mari.maasikas@example.ee',
    'a+b@sub.example.co.uk',
    '<info@example.com>',
    'õnne@näide.ee',
    'x@xn--nide-loa.ee',
  ],
  phone: [
    '+372 5123 4567',
    '+37251234567',
    '+44 (0)20 7946 0958',
    '+1 (212) 555-0123',
    '00372 5123 4567',
    '+3725\u200b1234567',
  ],
  card: [
    '4111111111111111',
    '4111 1111 1111 1111',
    '5555-5555-5555-4444',
    '378282246310005',
    '2223003122003222',
    '６０１１１１１１１１１１１１１７',
  ],
};

const harmless = [
  '',
  'Tere, maailm! What is the capital of Estonia?',
  '37605030298', // wrong check digit
  '37699030290', // month 99
  '37602311230', // 31 February
  '97605030299', // no such century
  '376050302991', // twelve digits
  '2026-11-23 22:35:52, 1 000 000 eurot, 3.14159265358979',
  'EE382200221020145686', // wrong check digits
  'XX382200221020145685', // no such country
  'EE3822002210201456851', // too long
  '4111111111111112', // Luhn fails
  '9111111111111117', // no network
  'follow @riik, or mail me@localhost, a@b, 5@6.7',
  '+372', // too short
  '+999 1234 5678', // no such country code
  '+1 000 000 0000', // no such area code
  'x+37251234567 = y', // a sum
  '12345678 (registrikood), order 0037251, build 1234567890',
  '§ 35 lg 1 p 12, RT I 2007, 12, 66',
];

for (const [kind, examples] of Object.entries(identifiers)) {
  for (const example of examples) {
    test(`\`${example}\` is found as ${kind} and marks the text personal`, () => {
      const detection = detect(`Palun vaata ${example}, aitäh.`);
      assert.ok((detection.findings[kind as FindingKind] ?? 0) >= 1, JSON.stringify(detection));
      assert.deepEqual(detection.caveats, ['personal']);
    });
  }
}

for (const text of harmless) {
  test(`\`${text}\` is left alone`, () => {
    assert.deepEqual(detect(text), { caveats: [], findings: {} });
  });
}

test('a number is found between other numbers', () => {
  assert.equal(detect('7 37605030299 8').findings['personal-code'], 1);
  assert.equal(detect('12 4111 1111 1111 1111 34').findings.card, 1);
  assert.equal(detect('+372 5123 4567 2026-11-23').findings.phone, 1);
});

test('any string is answered without an exception, and the answer holds counts only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const detection = detect(text);
      for (const count of Object.values(detection.findings)) assert.ok(Number.isSafeInteger(count) && count > 0);
      assert.equal(detection.caveats.length, Object.keys(detection.findings).length === 0 ? 0 : 1);
    }),
  );
});

test('what stands on other lines changes nothing: counts of lines add up', () => {
  const word = fc.constantFrom(...Object.values(identifiers).flat(), ...harmless);
  const noise = fc.string({ unit: fc.constantFrom(...'0123456789 @+-.()aEeõ٣'), maxLength: 60 });
  const line = fc.oneof(word, noise);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
      const sum: Partial<Record<FindingKind, number>> = {};
      for (const one of lines) {
        for (const [kind, count] of Object.entries(detect(one).findings)) {
          sum[kind as FindingKind] = (sum[kind as FindingKind] ?? 0) + count;
        }
      }
      assert.deepEqual({ ...detect(lines.join('\n')).findings }, sum);
    }),
    { numRuns: 300 },
  );
});

test('a text that is nothing but numbers is read to its end, however long it is', () => {
  const numbers = '7 '.repeat(4_000_000);
  assert.deepEqual(detect(`${numbers}4111 1111 1111 1111`).findings, { card: 1 });
  assert.deepEqual(detect('1'.repeat(9_000_000)).findings, {});
});

test('the work grows with the length and no faster, whatever the text', () => {
  const hostile = [
    '@',
    'a@',
    'a.a@',
    '1',
    '1 ',
    '1-',
    '+1',
    '+37',
    'EE38',
    'EE38 ',
    'a.',
    '(1)',
    '4111 ',
    'é@',
    '00',
    '٣',
  ];
  for (const unit of hostile) {
    const text = unit.repeat(Math.ceil(200_000 / unit.length));
    const startedMs = performance.now();
    detect(text);
    // Linear work takes some 20 ms here; anything quadratic takes minutes.
    assert.ok(performance.now() - startedMs < 5_000, unit);
  }
});

test('a letter with hundreds of thousands of marks is read in a time that grows with their number, and hides nothing', () => {
  const startedMs = performance.now();
  const found = detect(`37605030299 a${'\u0301\u0316'.repeat(300_000)} mari@example.ee`);
  // What puts them into their order by comparing takes minutes.
  assert.ok(performance.now() - startedMs < 5_000);
  assert.deepEqual({ ...found.findings }, { email: 1, 'personal-code': 1 });
});
