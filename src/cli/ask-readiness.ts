export interface PartState {
  readonly ok: boolean;
  readonly detail?: string;
}

export type Readiness =
  | { readonly kind: 'said'; readonly ready: boolean; readonly parts: Readonly<Record<string, PartState>> }
  | { readonly kind: 'silent'; readonly why: string };

const PATIENCE_MS = 5_000;

/** `/readyz` of an instance. It answers with 503 and the same body while it is not ready. */
export async function askReadiness(url: string): Promise<Readiness> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const body = (await response.json()) as { ready?: unknown; parts?: unknown };
    const parts = typeof body.parts === 'object' && body.parts !== null ? body.parts : {};
    return { kind: 'said', ready: response.ok, parts: parts as Record<string, PartState> };
  } catch (cause) {
    const { message, cause: inner } = cause as Error & { cause?: { code?: string } };
    return { kind: 'silent', why: inner?.code ?? message };
  }
}
