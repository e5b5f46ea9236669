import assert from 'node:assert/strict';
import test from 'node:test';
import { inspect } from 'node:util';
import { Sensitive } from './sensitive.ts';

const canary = 'isikukood 38001085718';

test('content shows as a length and a digest, however it is printed', () => {
  const content = new Sensitive(canary);
  const printed = [
    String(content),
    `${content}`,
    JSON.stringify({ content }),
    inspect(content),
    inspect({ deep: { content } }, { showHidden: true, depth: 9 }),
    JSON.stringify(Object.entries(content)),
    JSON.stringify({ ...content }),
  ];
  for (const text of printed) assert.ok(!text.includes('38001085718'), text);
  assert.match(String(content), /^\[21 characters, sha256 [0-9a-f]{12}\]$/);
  assert.equal(content.reveal(), canary);
});
