import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../test/start-polity.ts';

export interface Part {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts a script of bench/ that prints its port. */
export function startScript(name: string, environment: Record<string, string>): Promise<Part> {
  const child = spawn(process.execPath, [join(root, 'bench', name)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    createInterface(child.stdout).on('line', (line) => {
      if (/^\d+$/.test(line)) resolve({ child, port: Number(line) });
    });
  });
}

export interface ServerWish {
  readonly command: string;
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly port: number;
  /** Answers with any status as soon as the server serves. */
  readonly readyPath: string;
  readonly patienceMs: number;
}

/** Starts a server of somebody else and waits until it answers. @throws Error with the end of what it said */
export async function startServer(wish: ServerWish): Promise<Part> {
  const child = spawn(wish.command, [...wish.words], {
    env: { ...process.env, ...wish.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(wish.folder === undefined ? {} : { cwd: wish.folder }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  child.once('error', (cause) => {
    said += cause.message;
  });
  const deadlineMs = performance.now() + wish.patienceMs;
  while (performance.now() < deadlineMs && child.exitCode === null && child.pid !== undefined) {
    if (await answers(`http://127.0.0.1:${wish.port}${wish.readyPath}`)) return { child, port: wish.port };
    await delay(200);
  }
  child.kill('SIGKILL');
  throw new Error(`${wish.command} did not start: ${said.trim().split('\n').slice(-3).join(' | ')}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
