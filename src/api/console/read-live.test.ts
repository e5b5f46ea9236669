import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLive } from './read-live.ts';

test('what several gateways say of a backend is summed, but for its rest, which is the longest', () => {
  const live = readLive(
    [
      '# HELP polity_backend_requests Requests at a backend',
      'polity_backend_requests{backend="a",state="running",worker="1"} 2',
      'polity_backend_requests{backend="a",state="running",worker="2"} 3',
      'polity_backend_requests{backend="a",state="waiting",worker="2"} 1',
      'polity_backend_rest_seconds{backend="a",worker="1"} 4.5',
      'polity_backend_rest_seconds{backend="a",worker="2"} 0',
      'gen_ai_client_token_usage_sum{polity_backend="a",gen_ai_token_type="output",worker="1"} 40',
      'gen_ai_client_token_usage_sum{polity_backend="a",gen_ai_token_type="input",worker="1"} 900',
      'gen_ai_client_operation_duration_seconds_sum{polity_backend="a",worker="1"} 2',
      'polity_requests_total{endpoint="/v1/x",backend="b"} 7',
      'process_cpu_seconds_total{worker="1"} 7',
    ].join('\n'),
  );
  assert.deepEqual(live.get('a'), {
    running: 5,
    waiting: 1,
    restSeconds: 4.5,
    outputTokens: 40,
    answeringSeconds: 2,
  });
  assert.deepEqual([...live.keys()], ['a', 'b']);
});
