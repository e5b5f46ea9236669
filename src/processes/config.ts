import type { Model } from '../charter/schema.ts';

/** What the supervisor tells a child: JSON in `POLITY_PROCESS_CONFIG`. */
export interface ProcessConfig {
  readonly role: 'ledger' | 'gateway' | 'model';
  readonly workerId: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly modelSocket: string;
  readonly modelsDir: string;
  /** `POLITY_MODEL`: a GGUF file instead of the charter's embedded model. */
  readonly modelOverride: string | null;
  /** The charter's embedded model; null when its catalogue does not name it. */
  readonly model: Model | null;
  readonly installation: string;
  /** First part of each log's origin. */
  readonly charterDomain: string;
  readonly version: string;
  readonly commit: string | null;
  readonly threads: number;
  /** Gateway processes of this installation. */
  readonly workers: number;
}

export function readProcessConfig(): ProcessConfig {
  const text = process.env.POLITY_PROCESS_CONFIG;
  if (text === undefined) throw new Error('this process is started by the supervisor: run `npm start`');
  return JSON.parse(text) as ProcessConfig;
}
