import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatsOf } from './formats.ts';
import { languages } from './languages.ts';

test('a short date reads the same in a line from left to right and in one from right to left', () => {
  for (const language of Object.keys(languages))
    assert.match(formatsOf(language).shortDate('2026-11-24T12:00:00Z'), /^\d{2}[./]\d{2}[./]\d{4}$/, language);
});

test('a day of the calendar is that day for every reader, west of Greenwich too', () => {
  const before = process.env.TZ;
  try {
    for (const zone of ['America/Sao_Paulo', 'UTC', 'Pacific/Kiritimati']) {
      process.env.TZ = zone;
      const { date, shortDate } = formatsOf('en');
      assert.deepEqual([date('2026-11-01'), shortDate('2026-11-01')], ['1 November 2026', '01/11/2026'], zone);
    }
    process.env.TZ = 'America/Sao_Paulo';
    assert.equal(
      formatsOf('en').date('2026-11-01T00:30:00Z'),
      '31 October 2026',
      'a moment is told by the clock of the reader',
    );
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
});

test('a small amount is not nothing, and a price keeps its digits', () => {
  const { amount, price } = formatsOf('et');
  assert.deepEqual([amount(0.000004), amount(1234.5678)], ['0.000004', '1\u00a0234.57']);
  assert.deepEqual(
    [price(0.0375), price(1234.56789), price(2.5), price(0)],
    ['0.0375', '1\u00a0234.56789', '2.5', '0'],
  );
});
