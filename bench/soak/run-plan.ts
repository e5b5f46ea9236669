import { Agent, type ClientRequest, type IncomingMessage, request as open } from 'node:http';
import type { Conduct, Plan, StreamEnd } from './plans.ts';

export interface Seen {
  /** `left`: the client went first. `lost`: the connection broke before there was a status. */
  readonly status: number | 'left' | 'lost';
  readonly end: StreamEnd | null;
  readonly receiptId: string | null;
  /** As problem responses name it. */
  readonly code: string | null;
}

export interface Target {
  readonly port: number;
  readonly secrets: Readonly<Record<Plan['key'], string>>;
}

const agent = new Agent({ keepAlive: true });
/** The gateway gives up on a reader that takes nothing for 30 s. */
const STOPPED_MS = 45_000;
/** Nothing takes so long. */
const PATIENCE_MS = 60_000;
const MARKS_BYTES = 4_096;

/** Kept connections would count among the gateway's open sockets. */
export function closeConnections(): void {
  agent.destroy();
}

/** Asks once and behaves as planned. Never rejects: whatever happens is seen. */
export function runPlan(plan: Plan, target: Target): Promise<Seen> {
  return new Promise((resolve) => {
    const request = open({
      agent,
      port: target.port,
      host: '127.0.0.1',
      method: 'POST',
      path: plan.path,
      headers: {
        authorization: `Bearer ${target.secrets[plan.key]}`,
        'content-type': 'application/json',
        'content-length': plan.body.length,
      },
    });
    const visit = new Visit(request, plan, resolve);
    visit.begin();
  });
}

class Visit {
  readonly #request: ClientRequest;
  readonly #plan: Plan;
  readonly #resolve: (seen: Seen) => void;
  readonly #timers: NodeJS.Timeout[] = [];
  #response: IncomingMessage | null = null;
  #bytes = 0;
  #tail = '';
  #left = false;

  constructor(request: ClientRequest, plan: Plan, resolve: (seen: Seen) => void) {
    this.#request = request;
    this.#plan = plan;
    this.#resolve = resolve;
  }

  begin(): void {
    const { conduct, body } = this.#plan;
    this.#request.on('response', (response) => this.#listen(response));
    this.#request.on('error', () => this.#conclude());
    this.#request.on('close', () => this.#conclude());
    this.#after(conduct.kind === 'stops-reading' ? STOPPED_MS : PATIENCE_MS, () => this.#request.destroy());
    if (conduct.kind === 'leaves') this.#after(conduct.afterMs, () => this.#leave());
    if (conduct.kind === 'half-sent') {
      this.#request.write(body.subarray(0, body.length >> 1), () => this.#leave());
    } else this.#request.end(body);
  }

  #listen(response: IncomingMessage): void {
    this.#response = response;
    const { conduct } = this.#plan;
    response.on('error', () => {});
    response.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      this.#tail = (this.#tail + chunk.toString('latin1')).slice(-MARKS_BYTES);
      if (stopsAt(conduct, this.#bytes)) this.#leave();
      else if (conduct.kind === 'stops-reading') response.pause();
    });
    response.on('end', () => this.#conclude());
    response.on('close', () => this.#conclude());
  }

  #leave(): void {
    this.#left = true;
    this.#request.destroy();
  }

  #after(ms: number, call: () => void): void {
    this.#timers.push(setTimeout(call, ms));
  }

  #conclude(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const { headers, statusCode } = this.#response ?? {};
    const receiptId = headers?.['x-receipt-id'];
    this.#resolve({
      status: statusCode ?? (this.#left ? 'left' : 'lost'),
      end: statusCode === 200 && this.#plan.stream ? endOf(this.#tail) : null,
      receiptId: typeof receiptId === 'string' ? receiptId : null,
      code: /"code": ?"([a-z_-]+)"/.exec(this.#tail)?.[1] ?? null,
    });
  }
}

function stopsAt(conduct: Conduct, bytes: number): boolean {
  return conduct.kind === 'leaves-reading' && bytes >= conduct.afterBytes;
}

function endOf(tail: string): StreamEnd {
  if (/\[DONE\]|"message_stop"|"response\.completed"/.test(tail)) return 'whole';
  return /"error"|response\.failed/.test(tail) ? 'error' : 'torn';
}
