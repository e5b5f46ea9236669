import { isAbsolute, resolve } from 'node:path';
import { Problem } from './problem.ts';
import { readTelemetry, type TelemetrySettings } from './read-telemetry.ts';

/** What the environment decides; the same for `npm start` and for `./polity`. */
export interface EnvironmentSettings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly charterFolder: string;
  readonly modelOverride: string | null;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Where traces and metrics go, if anywhere. */
  readonly telemetry: TelemetrySettings;
}

const root = resolve(import.meta.dirname, '../..');

/** @throws Problem that names the variable, what it holds and what it should */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentSettings {
  const port = wholeNumber('PORT', environment.PORT ?? '8080', 65_535);
  const host = environment.HOST || '127.0.0.1';
  const publicUrl = environment.PUBLIC_URL || `http://${nameOf(host)}:${port}`;
  return {
    port,
    host,
    publicUrl: webAddress(publicUrl),
    dataDir: fromRoot(environment.POLITY_DATA || '.polity'),
    charterFolder: fromRoot(environment.POLITY_CHARTER || 'charters/estonia'),
    modelOverride: environment.POLITY_MODEL ? fromRoot(environment.POLITY_MODEL) : null,
    databaseUrl: databaseAddress(environment.DATABASE_URL || null),
    telemetry: readTelemetry(environment),
  };
}

/** How a browser on this machine calls the address that is listened on. */
function nameOf(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::1', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** The value is not repeated: it may hold a password. */
function databaseAddress(text: string | null): string | null {
  if (text === null || /^postgres(ql)?:\/\//.test(text)) return text;
  throw new Problem('invalid-request', 'DATABASE_URL is no address like postgres://user:password@host:5432/database');
}

function fromRoot(path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}

/** A number from 1 to `most`. @throws Problem */
function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new Problem('invalid-request', `${name} is \`${text}\`; write a whole number from 1 to ${most}`);
}

function webAddress(text: string): string {
  try {
    const { protocol, href, origin } = new URL(text);
    // Paths are fixed, so that what stands behind the origin would be in some links and not in others.
    if (/^https?:$/.test(protocol) && href === `${origin}/`) return origin;
  } catch {
    // Falls through to the one message for both.
  }
  throw new Problem(
    'invalid-request',
    `PUBLIC_URL is \`${text}\`; write an address like https://ai.example.org, without a path`,
  );
}
