import { resolve } from 'node:path';
import { type AdoptionReport, formatCharterError } from '../charter/index.ts';
import type { Output } from './charter-output.ts';

export interface ApplyArguments {
  readonly folder: string;
  readonly json: boolean;
  /** `POST /charter/apply` of the control socket. */
  readonly apply: (body: { readonly folder: string }) => Promise<AdoptionReport>;
}

/** Asks the running instance to adopt a folder. Exit codes: 0 in force, 1 mistakes, 2 kept and waiting for signatures. */
export async function runCharterApply({ folder, json, apply }: ApplyArguments, output: Output): Promise<number> {
  const report = await apply({ folder: resolve(folder) });
  if (json) output.out(JSON.stringify(report, null, 2));
  else describe(report, folder, output);
  return { adopted: 0, unchanged: 0, invalid: 1, waiting: 2 }[report.kind];
}

function describe(report: AdoptionReport, folder: string, output: Output): void {
  if (report.kind === 'invalid') {
    for (const error of report.errors) output.err(formatCharterError(error));
    output.err(`${folder}: not applied; the charter in force stays`);
    return;
  }
  for (const warning of report.warnings) output.err(`warning: ${formatCharterError(warning)}`);
  const { added, changed, removed } = report.changes;
  for (const [word, paths] of Object.entries({ added, changed, removed })) {
    for (const path of paths) output.out(`${word} ${path}`);
  }
  if (report.kind === 'unchanged') output.out(`${folder}: already in force, digest ${report.digest}`);
  if (report.kind === 'adopted') output.out(`${folder}: in force, digest ${report.digest}`);
  if (report.kind === 'waiting') {
    output.out(
      `${folder}: kept as a proposal, digest ${report.digest}; it needs ${report.signaturesNeeded} signatures`,
    );
  }
}
