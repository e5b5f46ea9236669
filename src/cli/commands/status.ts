import { readEnvironment } from '../../kit/index.ts';
import { askReadiness, type Readiness } from '../ask-readiness.ts';
import type { Output } from '../charter-output.ts';
import { askingCodes, type Command, jsonOption } from '../command.ts';

interface ProcessState {
  readonly role: string;
  readonly pid: number | null;
  /** Of a gateway: when it was started, the digest of its charter, `starting`, `serving` or `draining`. */
  readonly since?: string | null;
  readonly charter?: string | null;
  readonly state?: string;
}

/** What `POST /status` of the control socket answers. */
interface Status {
  readonly url: string;
  readonly pid: number;
  readonly uptimeMs: number;
  readonly charter: string;
  readonly installation: string;
  readonly processes: readonly ProcessState[];
}

export const statusCommand: Command = {
  name: 'status',
  summary: 'show the processes, the address, the charter in force and what is ready',
  usage: ['status [--json]'],
  examples: ['./polity status', './polity status --json'],
  options: { json: jsonOption },
  wordsMax: 0,
  exitCodes: { ...askingCodes, 0: 'it runs and is ready', 1: 'it runs and is not ready' },
  run: async ({ options, environment, ask, output }) => {
    const status = (await ask('status', {})) as Status;
    const { host, port } = readEnvironment(environment);
    const readiness = await askNear(status.url, `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`);
    if (options.json === true) output.out(JSON.stringify({ ...status, readiness }, null, 2));
    else print(status, readiness, output);
    return readiness.kind === 'said' && readiness.ready ? 0 : 1;
  },
};

/** The public address may lead through a proxy that this machine cannot reach; the port itself is asked then. */
async function askNear(publicUrl: string, ownUrl: string): Promise<Readiness> {
  const said = await askReadiness(publicUrl);
  return said.kind === 'said' ? said : await askReadiness(ownUrl);
}

function print(status: Status, readiness: Readiness, output: Output): void {
  output.out(`url       ${status.url}`);
  output.out(`uptime    ${formatDuration(status.uptimeMs)}`);
  output.out(`charter   ${status.charter}`);
  output.out('');
  output.out('role        pid        state     charter       since');
  for (const line of [{ role: 'supervisor', pid: status.pid }, ...status.processes]) output.out(formatProcess(line));
  output.out('');
  if (readiness.kind === 'silent') {
    output.out(`/readyz does not answer: ${readiness.why}`);
    return;
  }
  output.out(readiness.ready ? 'ready' : 'not ready');
  for (const [part, { ok, detail }] of Object.entries(readiness.parts)) {
    output.out(`  ${ok ? 'ok  ' : 'fail'}  ${part}${detail === undefined ? '' : `: ${detail}`}`);
  }
}

function formatProcess({ role, pid, state = '', charter, since }: ProcessState): string {
  const number = String(pid ?? (role === 'postgres' ? 'elsewhere' : 'starting'));
  const columns = [role.padEnd(10), number.padEnd(9), state.padEnd(8), (charter ?? '').slice(0, 12).padEnd(12)];
  return [...columns, since ?? ''].join('  ').trimEnd();
}

function formatDuration(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const units = ['d', 'h', 'min', 's'];
  const first = parts.findIndex((part) => part > 0);
  return parts
    .map((part, place) => `${part} ${units[place]}`)
    .slice(first === -1 ? 3 : first)
    .slice(0, 2)
    .join(' ');
}
