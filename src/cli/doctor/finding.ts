import type { EnvironmentSettings } from '../../kit/index.ts';

/** One line of `./polity doctor`. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** What to do; null when nothing is to be done. */
  readonly mend: string | null;
}

export interface Patient {
  /** Folder of the program. */
  readonly root: string;
  readonly settings: EnvironmentSettings;
  /** Of this command; secrets are only looked for, never shown. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `POST /status` answered; null when nothing runs. */
  readonly running: { readonly url: string } | null;
}

/** Looks at one thing and changes nothing. */
export type Examination = (patient: Patient) => Promise<readonly Finding[]> | readonly Finding[];

export const ok = (what: string): Finding => ({ state: 'ok', what, mend: null });
export const warn = (what: string, mend: string): Finding => ({ state: 'warn', what, mend });
export const fail = (what: string, mend: string): Finding => ({ state: 'fail', what, mend });
