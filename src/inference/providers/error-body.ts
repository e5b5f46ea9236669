/** Errors of providers in the words of OpenAI. Sources: the packages' error schemas and the providers' references (2026-11). */

export interface ProviderError {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  /** Status that the provider gave it, where it came inside an answer. */
  readonly status?: number;
}

interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly responseBody?: unknown;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly statusCode?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly value?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/** Of a status other than 200: what the package threw, with the provider's body inside. */
export function errorOfStatus(thrown: unknown, status: number): ProviderError {
  const { message, responseBody, responseHeaders } = thrown as Thrown;
  const body = readJson(responseBody);
  const inner = isJson(body.error) ? body.error : body;
  const type = word(responseHeaders?.['x-amzn-errortype']?.split(':')[0]) ?? word(inner.type) ?? word(inner.status);
  const text = typeof inner.message === 'string' ? inner.message : String(message ?? '');
  return {
    message: text,
    type: type ?? kindOfStatus(status),
    code: word(inner.code) ?? type ?? null,
    param: word(inner.param) ?? null,
  };
}

/** Of an error inside an answer; null when the provider sent no error, but something that cannot be read. */
export function errorOfPart(error: unknown): ProviderError | null {
  const { name, message, type, code, statusCode, value } = (error ?? {}) as Thrown;
  const said = isJson(value) ? (isJson(value.error) ? value.error : value.object === 'error' ? value : null) : null;
  if (said !== null) return errorOfPart({ message: said.message, type: said.type, code: said.code });
  if (name === 'AI_TypeValidationError' || name === 'AI_JSONParseError') return null;
  if (error instanceof Error && type === undefined) return null;
  const status = typeof statusCode === 'number' ? { status: statusCode } : {};
  const kind = word(type) ?? 'upstream_error';
  return { message: String(message ?? ''), type: kind, code: word(code) ?? kind, param: null, ...status };
}

function kindOfStatus(status: number): string {
  return status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'server_error';
}

function readJson(text: unknown): Json {
  try {
    const value: unknown = JSON.parse(String(text));
    return isJson(value) ? value : {};
  } catch {
    return {};
  }
}

function isJson(value: unknown): value is Json {
  return value !== null && typeof value === 'object';
}

/** An identifier, not a text. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined;
}
