import { ApiProblem, Unreachable } from '../../shared/api/api-problem.ts';
import { type ChatWish, requestOf } from './chat-wish.ts';

export interface Told {
  onText(text: string): void;
  onReceipt(id: string): void;
  onUsage(usage: Usage): void;
  onFinish(reason: string): void;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** One column: the same path as every request. @throws ApiProblem, Unreachable, or the signal's abort */
export async function askModel(
  asked: { wish: ChatWish; model: string },
  told: Told,
  signal: AbortSignal,
): Promise<void> {
  const { wish, model } = asked;
  const response = await send(asked, signal);
  const receipt = response.headers.get('x-receipt-id');
  if (receipt !== null) told.onReceipt(receipt);
  if (!response.ok || response.body === null) throw await problemOf(response);
  let rest = '';
  let isWhole = false;
  for await (const text of textOf(response.body)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) isWhole = readLine(line, told) || isWhole;
  }
  if (!isWhole) throw new Unreachable(new Error(`the answer of ${model} to ${wish.tenant} broke off`));
}

async function send({ wish, model }: { wish: ChatWish; model: string }, signal: AbortSignal): Promise<Response> {
  const { tenant, purpose, level } = wish;
  try {
    return await fetch('/api/console/playground', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        ...(level === '' ? {} : { 'x-polity-classification': level }),
      },
      body: JSON.stringify({ tenant, purpose, request: requestOf(wish, model) }),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Unreachable(cause);
  }
}

/** Not `for await` over the stream itself: Safari has no such iterator. */
async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

interface Chunk {
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly finish_reason?: string | null;
  }[];
  readonly usage?: Usage | null;
  readonly error?: { readonly message?: string; readonly code?: string };
}

/** True for the end. */
function readLine(line: string, told: Told): boolean {
  if (!line.startsWith('data:')) return false;
  const data = line.slice(5).trim();
  if (data === '[DONE]') return true;
  const { choices, usage, error } = JSON.parse(data) as Chunk;
  if (error !== undefined) {
    const { message = '', code = 'unknown' } = error;
    throw new ApiProblem({ status: 502, code, title: code, detail: message, retryAfterMs: null });
  }
  const text = choices?.[0]?.delta?.content;
  if (text) told.onText(text);
  const finish = choices?.[0]?.finish_reason;
  if (finish) told.onFinish(finish);
  if (usage) told.onUsage(usage);
  return false;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  return new ApiProblem({
    status: response.status,
    code: said.code ?? 'unknown',
    title: said.title ?? String(response.status),
    detail: said.detail ?? response.statusText,
    retryAfterMs: null,
  });
}
