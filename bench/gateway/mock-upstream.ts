/** A loopback upstream: answers chat completions of a fixed size, at once or after `DELAY_MS`, streamed when asked. */
import { createServer } from 'node:http';

const delayMs = Number(process.env.DELAY_MS ?? 0);
/** About 0.9 KB together with the envelope, as in the measurements that the bars come from. */
const content = 'Ministries prepare and carry out laws. '.repeat(16);
const usage = { prompt_tokens: 200, completion_tokens: 160, total_tokens: 360 };
const base = { id: 'chatcmpl-bench', created: 1_790_000_000, model: 'bench' };
const whole = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage,
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  const answer = () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) });
    response.end(whole);
  };
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
