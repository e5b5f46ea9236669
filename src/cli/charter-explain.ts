import { explainCharter, formatCharterError, readCharterFolder } from '../charter/index.ts';
import { checkCharter, readRedLineSets } from '../policy/index.ts';
import type { Output } from './charter-output.ts';

export interface ExplainArguments {
  readonly folder: string;
  /** A BCP 47 tag; English when undefined. */
  readonly language?: string | undefined;
}

/** Prints a charter as prose, without a running instance. Exit codes: 0 printed, 1 the charter has mistakes. */
export function runCharterExplain({ folder, language }: ExplainArguments, output: Output): number {
  const checked = checkCharter(readCharterFolder(folder), readRedLineSets());
  if (checked.kind === 'invalid') {
    for (const error of checked.errors) output.err(formatCharterError(error));
    return 1;
  }
  output.out(explainCharter(checked.charter, language ?? 'en', checked.law.policies).trimEnd());
  return 0;
}
