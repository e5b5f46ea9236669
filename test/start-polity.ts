import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface RunningPolity {
  readonly child: ChildProcess;
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly adminUrl: string;
  /** Data folder; the caller's to remove when it was the caller's to begin with. */
  readonly data: string;
  /** Everything it said on standard error so far. */
  errors(): string;
  /** SIGTERM, then the exit code. */
  stop(): Promise<number | null>;
  /** Stops and removes the data folder. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  /** Of `npm start`, behind `--json`. */
  readonly words?: readonly string[];
  readonly charter?: string;
  readonly data?: string;
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A whole Polity as `npm start -- --json` starts it, on a port and a data folder of its own. */
export async function startPolity(options: StartOptions = {}): Promise<RunningPolity> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'polity-test-')));
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'start', '--json', ...(options.words ?? [])], {
    env: {
      ...process.env,
      PORT: String(port),
      POLITY_DATA: data,
      ...(options.charter === undefined ? {} : { POLITY_CHARTER: options.charter }),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-200_000);
  });
  const ready = await waitReady(child, () => errors);
  const stop = () => stopChild(child);
  const dispose = async () => {
    await stop();
    await rm(data, { recursive: true, force: true });
  };
  return {
    child,
    port,
    data,
    url: ready.url,
    apiKey: ready.apiKey,
    adminUrl: ready.adminUrl,
    errors: () => errors,
    stop,
    dispose,
  };
}

interface ReadyLine {
  readonly event: string;
  readonly url: string;
  readonly apiKey: string;
  readonly adminUrl: string;
}

function waitReady(child: ChildProcess, errors: () => string): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${errors()}`)));
    if (child.stdout === null) return reject(new Error('no output'));
    createInterface(child.stdout).on('line', (line) => {
      const event = JSON.parse(line) as ReadyLine;
      if (event.event === 'ready') resolve(event);
    });
  });
}

export function stopChild(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill('SIGTERM');
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
