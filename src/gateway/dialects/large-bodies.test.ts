/** No body within the bounds may hold up everybody else: what grows with the square of a size shows as a test that does not end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editedBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { Problem } from '../../kit/index.ts';
import { dialects } from './all-dialects.ts';

const inForce = putInForce(editedBytes({}));
const { bounds } = inForce.charter.country;
const backend = inForce.charter.backends.find(({ dialect }) => dialect === 'embedded');
assert.ok(backend);

/** Below what one document may have. */
const KEYS = 90_000;

/** As many as fit into a third of the bound. */
const many = (piece: (at: number) => string, join = ',') => {
  const first = piece(1_000_000);
  const keys = first.split(':').length - 1;
  const fit = Math.floor((0.3 * bounds.bodyBytesMax) / (first.length + join.length));
  return Array.from({ length: keys === 0 ? fit : Math.min(fit, KEYS / keys) }, (_, at) => piece(at)).join(join);
};

const chat = '"model":"auto","max_tokens":1,"messages":[{"role":"user","content":"x"}]';
const bodies: Record<string, string> = {
  'unknown members': `{${chat},${many((at) => `"u${at}":1`)}}`,
  'capital members': `{${chat},"z":{${many((at) => `"A${at}":1`)}}}`,
  'members that fold alike': `{${chat},"z":{${many((at) => `"\u212a${at}":1`)}}}`,
  'many messages': `{"model":"auto","max_tokens":1,"messages":[${many(() => '{"role":"user","content":"x"}')}]}`,
  'wrong messages': `{"model":"auto","max_tokens":1,"messages":[${many(() => '{"role":7}')}]}`,
  'many parts': `{"model":"auto","max_tokens":1,"messages":[{"role":"user","content":[${many(() => '{"type":"text","text":"x"}')}]}]}`,
  'many tools': `{${chat},"tools":[${many((at) => `{"type":"function","name":"f${at}","function":{"name":"f${at}","parameters":{}}}`)}]}`,
  'many stops': `{${chat},"stop":[${many(() => '"."')}],"stop_sequences":["."]}`,
  'many inputs': `{"model":"auto","query":"x","input":[${many(() => '"x"')}],"documents":["x"]}`,
  'many items': `{"model":"auto","query":"x","input":[${many(() => '{"role":"user","content":"x"}')}],"documents":["x"]}`,
  'many documents': `{"model":"auto","query":"x","input":"x","documents":[${many(() => '"x"')}]}`,
  'wrong tools': `{${chat},"tools":[${many(() => '7')}],"stop":[${many(() => '7')}]}`,
  'mixed inputs': `{"model":"auto","query":"x","max_tokens":1,"messages":[],"input":[${many(() => '7')},"x"],"documents":["x"]}`,
  'mixed prompts': `{"model":"auto","max_tokens":1,"prompt":[${many(() => '7')},"x"]}`,
  'one long text': `{"model":"auto","max_tokens":1,"prompt":"x","messages":[{"role":"user","content":"${many(() => 'x ', '')}"}]}`,
  escapes: `{"model":"auto","max_tokens":1,"prompt":"${many(() => '\\u0041', '')}","messages":[{"role":"user","content":"x"}]}`,
};

for (const [name, body] of Object.entries(bodies)) {
  test(`${name}: read, refused or put to a backend by every dialect in a time that grows with their number`, {
    timeout: 60_000,
  }, async () => {
    const bytes = Buffer.from(body);
    assert.ok(bytes.length <= bounds.bodyBytesMax);
    for (const dialect of dialects) {
      if (dialect.body === 'form') continue;
      try {
        const inquiry = await dialect.parse({
          bytes,
          contentType: 'application/json',
          jsonDepthMax: bounds.jsonDepthMax,
          wallMs: 0,
          shelf: null,
        });
        inquiry.ask(backend);
      } catch (cause) {
        assert.ok(cause instanceof Problem, `${dialect.endpoint}: ${cause}`);
      }
    }
  });
}
