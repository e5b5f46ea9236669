/** Request and answer are about equally large. Kilobytes as in the measurements that the bars come from: 1 KB is 1,000 bytes. */

/** Bytes of text in the answer to a request of so many bytes. */
export function contentBytesFor(requestBytes: number): number {
  if (requestBytes < 4_000) return 624;
  return requestBytes < 32_000 ? 7_600 : 64_000;
}

/** The envelope of an answer, and what a gateway may add to it. */
const ENVELOPE_MAX = 4_096;

/** Whether the body of an answer can be the one that the upstream gave: some gateways write it anew. */
export function isWholeAnswer(bytes: number, requestBytes: number): boolean {
  const content = contentBytesFor(requestBytes);
  return bytes >= content && bytes <= content + ENVELOPE_MAX;
}

/** The same bytes for every subject. */
export function chatBody(kilobytes: number, stream: boolean): Buffer {
  const sentence = 'Which ministry prepares the law on public information? ';
  const body = { model: 'auto', max_tokens: 160, messages: [{ role: 'user', content: '' }], stream };
  const room = kilobytes * 1000 - JSON.stringify(body).length;
  const content = sentence.repeat(Math.ceil(room / sentence.length)).slice(0, room);
  return Buffer.from(JSON.stringify({ ...body, messages: [{ role: 'user', content }] }));
}
