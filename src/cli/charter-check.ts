import { formatCharterError, listIgnoredFiles, readCharterFolder } from '../charter/index.ts';
import { checkCharter, readRedLineSets } from '../policy/index.ts';
import type { Output } from './charter-output.ts';

export interface CheckArguments {
  readonly folder: string;
  readonly json: boolean;
}

/** Checks a folder without a running instance. Exit codes: 0 valid, 1 mistakes found. */
export function runCharterCheck({ folder, json }: CheckArguments, output: Output): number {
  const checked = checkCharter(readCharterFolder(folder), readRedLineSets());
  const ignored = listIgnoredFiles(folder);
  if (json) {
    const verdict =
      checked.kind === 'valid'
        ? {
            valid: true,
            digest: checked.charter.digest,
            policyDigest: checked.law.digest,
            errors: [],
            warnings: checked.warnings,
          }
        : { valid: false, errors: checked.errors, warnings: [] };
    output.out(JSON.stringify({ folder, ...verdict, ignored }, null, 2));
    return checked.kind === 'valid' ? 0 : 1;
  }
  for (const path of ignored) output.err(`warning: ${path} is no file of a charter and is ignored`);
  if (checked.kind === 'invalid') {
    for (const error of checked.errors) output.err(formatCharterError(error));
    output.err(`${folder}: ${checked.errors.length === 1 ? '1 mistake' : `${checked.errors.length} mistakes`}`);
    return 1;
  }
  for (const warning of checked.warnings) output.err(`warning: ${formatCharterError(warning)}`);
  const { charter, law } = checked;
  output.out(
    `${folder}: valid; ${law.policies.length} policies, ${charter.backends.length} backends, digest ${charter.digest}`,
  );
  return 0;
}
