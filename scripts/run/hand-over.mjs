import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** Ctrl-C in a terminal reaches us and the child alike; the child counts two that come together as one. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** npm runs us below a shell, which a SIGTERM to npm ends without a word to us. */
const LOOK_MS = 250;

function watchParent(end) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, LOOK_MS).unref();
}

/** Ends with the exit code of the script. In this very process if it is the right Node already, else in a child. */
export async function handOver({ node, root, file, words, isSelf }) {
  const path = join(root, file);
  // Compiled code is kept, so that the second start reads no TypeScript. Child processes read the variable.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/compiled');
  if (isSelf) {
    const { enableCompileCache } = await import('node:module');
    enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
    watchParent(() => process.kill(process.pid, 'SIGTERM'));
    process.argv.splice(1, process.argv.length, path, ...words);
    await import(pathToFileURL(path).href);
    return;
  }
  const child = spawn(node, [path, ...words], {
    // The channel carries nothing. It closes when we are killed, and the child then ends in order.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  watchParent(() => child.kill('SIGTERM'));
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child.once('error', (cause) => {
    process.stderr.write(`polity: the Node that npm brought does not start: ${cause.message}\n`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
