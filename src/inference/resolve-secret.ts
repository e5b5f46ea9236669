import { readFileSync } from 'node:fs';
import { Problem } from '../kit/index.ts';

/** Follows `env:NAME` or `file:/path`. The charter is public: it names secrets and never holds one. @throws Problem */
export function resolveSecret(reference: string): string {
  const [kind, rest = ''] = splitOnce(reference);
  if (kind === 'env') {
    const value = process.env[rest];
    if (value) return value;
    throw new Problem(
      'charter-invalid',
      `the environment has no \`${rest}\`, which a backend's key refers to; set it and apply the charter again`,
    );
  }
  const value = readSecretFile(rest);
  if (value !== '') return value;
  throw new Problem('charter-invalid', `the file \`${rest}\`, which a backend's key refers to, is empty`);
}

function readSecretFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new Problem('charter-invalid', `the file \`${path}\`, which a backend's key refers to, cannot be read`, {
      cause,
    });
  }
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
