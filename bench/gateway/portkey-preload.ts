/**
 * Portkey 1.15.2 adds headers to the answer that fetch gave it. Since Node 20 those are immutable, and every stream
 * ends with 500. A copy of a stream's answer takes new headers; whole answers are left as they are.
 */
const fetchUnchanged = globalThis.fetch;

globalThis.fetch = async (...request) => {
  const answer = await fetchUnchanged(...request);
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer;
  const { status, statusText, headers } = answer;
  return new Response(answer.body, { status, statusText, headers: new Headers(headers) });
};
