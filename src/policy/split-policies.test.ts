import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { splitPolicies } from './split-policies.ts';

test('semicolons in texts and comments end no policy', () => {
  const one = '@name("a; \\"b\\"; // c")\npermit (principal, action, resource) // d; e\nwhen { "f;" == "f;" };';
  const two = 'forbid (principal, action, resource);';
  const pieces = splitPolicies(`// g; h\n${one}\n\n// i\n${two}\n// j;\n`);
  assert.deepEqual(
    pieces.map((piece) => piece.text),
    [one, two],
  );
});

test('every policy is cut out at its own place, and nothing but blanks and comments is left over', () => {
  const policy = fc.constantFrom(
    'permit (principal, action, resource);',
    '@id("x;y") forbid (principal, action, resource);',
  );
  const blank = fc.constantFrom('', ' ', '\n', '// comment; "\n', '\n\n// õ\n');
  fc.assert(
    fc.property(fc.array(fc.tuple(blank, policy)), blank, (parts, end) => {
      const text = parts.map(([before, body]) => before + body).join('') + end;
      const pieces = splitPolicies(text);
      assert.deepEqual(
        pieces.map((piece) => piece.text),
        parts.map(([, body]) => body),
      );
      for (const { text: body, start } of pieces) assert.ok(text.startsWith(body, start));
    }),
  );
});

test('text after the last policy is a piece of its own, so that it is seen as a mistake', () => {
  assert.deepEqual(
    splitPolicies('permit (principal, action, resource); permit').map((piece) => piece.text),
    ['permit (principal, action, resource);', 'permit'],
  );
});
