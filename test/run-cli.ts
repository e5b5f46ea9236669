import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type RunningPolity, root } from './start-polity.ts';

export interface CommandEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `./polity <words>` for a running instance. */
export function runCli(polity: RunningPolity, ...words: string[]): Promise<CommandEnd> {
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'cli', ...words], {
    env: { ...process.env, POLITY_DATA: polity.data, PORT: String(polity.port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

export interface GatewayLine {
  readonly role: string;
  readonly pid: number | null;
  readonly state?: string;
  readonly charter?: string | null;
}

/** What `./polity status` says of the gateways. */
export async function gatewaysOf(polity: RunningPolity): Promise<GatewayLine[]> {
  const { out, err } = await runCli(polity, 'status', '--json');
  try {
    return (JSON.parse(out) as { processes: GatewayLine[] }).processes.filter(({ role }) => role === 'gateway');
  } catch {
    throw new Error(out + err);
  }
}
