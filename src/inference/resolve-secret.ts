import { readFileSync } from 'node:fs';
import { Problem } from '../kit/index.ts';

/** A key of an upstream. However it is printed, it shows as nothing; a charter, a log and a thrown error can hold it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Only who sends it calls this. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** Follows `env:NAME` or `file:/path`. The charter is public: it names secrets and never holds one. @throws Problem */
export function resolveSecret(reference: string): Secret {
  const [kind, rest = ''] = splitOnce(reference);
  if (kind === 'env') {
    const value = process.env[rest];
    if (value) return new Secret(value);
    throw new Problem(
      'charter-invalid',
      `the environment has no \`${rest}\`, which a backend's key refers to; set it and apply the charter again`,
    );
  }
  const value = readSecretFile(rest);
  if (value !== '') return new Secret(value);
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
