import { ApiProblem, Unreachable } from './api-problem.ts';

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks our own server. @throws ApiProblem with what it said, Unreachable when it said nothing */
export async function callApi<T>(path: string, call: Call = {}): Promise<T> {
  const response = await send(path, call);
  if (response.status === 204) return undefined as T;
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as T;
}

async function send(path: string, { method = 'GET', body, headers, signal }: Call): Promise<Response> {
  // Unsafe methods must be JSON, also when they say nothing.
  const carried = method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) };
  const type = method === 'GET' ? {} : { 'content-type': 'application/json' };
  try {
    return await fetch(path, {
      method,
      headers: { accept: 'application/json', ...type, ...headers },
      credentials: 'same-origin',
      ...carried,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Unreachable(cause);
  }
}

async function readProblem(response: Response): Promise<ApiProblem> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  const wait = Number(response.headers.get('retry-after'));
  return new ApiProblem({
    status: response.status,
    code: said.code ?? 'unknown',
    title: said.title ?? String(response.status),
    detail: said.detail ?? response.statusText,
    retryAfterMs: wait > 0 ? wait * 1000 : null,
  });
}
