import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../kit/index.ts';
import { lockState, runsAlready } from './lock-data.ts';
import type { Settings } from './settings.ts';

/** Gateways of an instance that was killed need a moment to notice; until then the port is theirs. */
const NOTICE_TRIES = 50;
const NOTICE_MS = 100;

/** Before anything is touched: a busy port is found by trying it. @throws Problem */
export async function checkPort({ port, host, dataDir }: Settings): Promise<void> {
  for (let tries = 1; ; tries++) {
    const cause = await tryPort(port, host);
    if (cause === null) return;
    if (cause.code !== 'EADDRINUSE') throw explainPort(cause, port, host);
    const lock = await lockState(dataDir);
    if (lock.kind === 'held') throw runsAlready(lock.pid);
    if (lock.kind === 'free' || tries > NOTICE_TRIES) throw explainPort(cause, port, host);
    await delay(NOTICE_MS);
  }
}

function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** What went wrong with the port, and what to do. */
export function explainPort(cause: NodeJS.ErrnoException, port: number, host: string): Problem {
  if (cause.code === 'EADDRINUSE')
    return new Problem(
      'internal',
      `port ${port} is taken by another program; end it, or start with another: \`PORT=${port + 1} npm start\``,
    );
  if (cause.code === 'EACCES')
    return new Problem('internal', `this user may not use port ${port}; start with another: \`PORT=8080 npm start\``);
  if (cause.code === 'EADDRNOTAVAIL')
    return new Problem('internal', `this machine has no address ${host}; set HOST to one that it has`);
  return new Problem('internal', `port ${port} of ${host} cannot be used: ${cause.message}`);
}
