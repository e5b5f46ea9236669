import { readFileSync, statSync } from 'node:fs';
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

/** How long a renewed file may go unseen, milliseconds. */
const LOOK_MS = 1_000;

/** A key in a file, which another program may renew: hourly tokens stay good without a restart. */
class FileSecret extends Secret {
  readonly #path: string;
  #value: string;
  #stamp: string;
  #lookedMs: number;

  constructor(path: string, value: string) {
    super(value);
    this.#path = path;
    this.#value = value;
    this.#stamp = stampOf(path);
    this.#lookedMs = performance.now();
  }

  /** What was read last stays when the file is away or empty at this moment: it may be in the middle of being written. */
  override reveal(): string {
    const nowMs = performance.now();
    if (nowMs - this.#lookedMs < LOOK_MS) return this.#value;
    this.#lookedMs = nowMs;
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp || stamp === '') return this.#value;
    try {
      const value = readSecretFile(this.#path);
      if (value !== '') {
        this.#value = value;
        this.#stamp = stamp;
      }
    } catch {
      // Looked for again in a second.
    }
    return this.#value;
  }
}

/** Empty when there is no such file. */
function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return '';
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
      `the environment has no \`${rest}\`, which a backend's key refers to; set it, and stop and start the service`,
    );
  }
  const value = readSecretFile(rest);
  if (value !== '') return new FileSecret(rest, value);
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
