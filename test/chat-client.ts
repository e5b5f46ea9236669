/** Chat requests over connections of one's own, as many clients at once have them. */
import { type Agent, request } from 'node:http';

export interface ChatAsked {
  readonly url: string;
  readonly apiKey: string;
  readonly stream: boolean;
  readonly text?: string;
  /** Without one every request has a connection of its own. */
  readonly agent?: Agent;
  /** The answer has begun. */
  onHead?(status: number): void;
}

export interface ChatAnswer {
  readonly status: number;
  readonly receiptId: string | null;
  /** All of it came, up to the sign of its end. */
  readonly isWhole: boolean;
  readonly body: string;
}

/** Never rejects: a connection that breaks off is an answer that is not whole, with status 0 when nothing came at all. */
export function askChat(asked: ChatAsked): Promise<ChatAnswer> {
  const { url, apiKey, stream, text = 'Tere', agent } = asked;
  const body = JSON.stringify({ model: 'auto', stream, max_tokens: 8, messages: [{ role: 'user', content: text }] });
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve) => {
    const sent = request(
      `${url}/v1/chat/completions`,
      { method: 'POST', headers, agent: agent ?? false },
      (response) => {
        const status = response.statusCode ?? 0;
        asked.onHead?.(status);
        const receiptId = String(response.headers['x-receipt-id'] ?? '') || null;
        let said = '';
        const end = () => {
          const isWhole =
            response.complete && (stream && status === 200 ? said.includes('data: [DONE]') : said.endsWith('}'));
          resolve({ status, receiptId, isWhole, body: said });
        };
        response.setEncoding('utf8').on('data', (piece: string) => {
          said += piece;
        });
        response.once('end', end).once('error', end);
      },
    );
    sent.once('error', (cause) => resolve({ status: 0, receiptId: null, isWhole: false, body: cause.message }));
    sent.end(body);
  });
}
