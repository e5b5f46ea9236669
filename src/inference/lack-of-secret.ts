import { accessSync, constants, statSync } from 'node:fs';

/** What is wrong with `env:NAME` or `file:/path` in this environment, for the end of a sentence; null when it holds something. */
export function lackOfSecret(reference: string, environment: NodeJS.ProcessEnv): string | null {
  const colon = reference.indexOf(':');
  const [kind, name] = [reference.slice(0, colon), reference.slice(colon + 1)];
  if (kind === 'env') return environment[name] ? null : `the environment has no ${name}, its key`;
  try {
    accessSync(name, constants.R_OK);
    return statSync(name).size > 0 ? null : `the file of its key, ${name}, is empty`;
  } catch {
    return `the file of its key, ${name}, cannot be read`;
  }
}
