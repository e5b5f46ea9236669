import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../test/start-polity.ts';

export interface Part {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Starts a script of this folder that prints its port. */
export function startScript(name: string, environment: Record<string, string>): Promise<Part> {
  const child = spawn(process.execPath, [join(root, 'bench/gateway', name)], {
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
