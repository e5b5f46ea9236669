import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listNeeds } from './list-needs.ts';

const tools = [{ type: 'function', function: { name: 'weather' } }];
const named = (request: object) => listNeeds(request as Record<string, unknown>).map(({ name }) => name);

test('a parameter is a need when it asks for more than every model does', () => {
  const table: [object, string[]][] = [
    [{ tools: [], n: 1, response_format: { type: 'text' }, encoding_format: 'float', logprobs: false, stop: null }, []],
    [{ n: 2, logprobs: true, seed: 0, stop: ['.'] }, ['logprobs', 'n', 'seed', 'stop']],
    [{ response_format: { type: 'json_object' }, encoding_format: 'base64' }, ['response_format', 'encoding_format']],
    [{ modalities: ['text', 'audio'] }, ['audio']],
  ];
  for (const [request, needs] of table) assert.deepEqual(named(request), needs, JSON.stringify(request));
});

test('tools one after another are asked for by `false`; together is what everybody does', () => {
  assert.deepEqual(named({ tools, parallel_tool_calls: false }), ['tools', 'parallel_tool_calls']);
  assert.deepEqual(named({ tools, parallel_tool_calls: true }), ['tools']);
  assert.deepEqual(named({ parallel_tool_calls: false }), []);
});
