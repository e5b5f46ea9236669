import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { formatCharterError, readCharterFolder } from '../charter/index.ts';
import type { Charter, Model } from '../charter/schema.ts';
import { type FetchStep, fetchModel } from '../inference/index.ts';
import { type EnvironmentSettings, Problem } from '../kit/index.ts';
import { checkCharter, readRedLineSets } from '../policy/index.ts';
import type { Output } from './charter-output.ts';

export interface ModelsArguments {
  readonly settings: EnvironmentSettings;
  /** Says where the hub and the package index are. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly json: boolean;
}

const REPORT_EVERY_MS = 1_000;

/** The catalogue of the charter, and which files are here. Needs no running instance. */
export function runModelsList({ settings, json }: ModelsArguments, output: Output): number {
  const charter = readCharter(settings.charterFolder);
  const rows = charter.models.map((model) => ({
    id: model.id,
    bytes: model.bytes,
    licence: model.licence,
    sha256: model.sha256,
    admitted: model.admitted.map(({ mode }) => mode),
    embedded: model.id === charter.country.embedded.model,
    present: existsSync(pathOf(settings, model)),
  }));
  if (json) {
    output.out(JSON.stringify(rows, null, 2));
    return 0;
  }
  const width = Math.max(2, ...rows.map(({ id }) => id.length));
  output.out(`${'id'.padEnd(width)}  size      file     admitted to`);
  for (const { id, bytes, admitted, embedded, present } of rows) {
    const size = bytes === null ? '-' : `${(bytes / 1e6).toFixed(0)} MB`;
    const modes = admitted.length === 0 ? 'nothing' : admitted.join(', ');
    output.out(
      `${id.padEnd(width)}  ${size.padEnd(8)}  ${present ? 'here   ' : 'not yet'}  ${modes}${embedded ? '  (embedded)' : ''}`,
    );
  }
  return 0;
}

/** Brings the file of a model, by default the embedded one. @throws Problem that says what was tried */
export async function runModelsPull(
  { settings, environment, json }: ModelsArguments,
  { id, output }: { readonly id: string | undefined; readonly output: Output },
): Promise<number> {
  const charter = readCharter(settings.charterFolder);
  const wanted = id ?? charter.country.embedded.model;
  const model = charter.models.find((each) => each.id === wanted);
  if (model === undefined) {
    const known = charter.models.map((each) => each.id).join(', ');
    throw new Problem('unknown-model', `models.yaml names no model \`${wanted}\`; it names: ${known}`);
  }
  const fetched = await fetchModel({
    model,
    folder: join(settings.dataDir, 'models'),
    override: null,
    environment,
    onStep: reporter(output),
  });
  if (fetched.kind === 'absent') {
    const tried = fetched.tried.length === 0 ? 'models.yaml names no source' : fetched.tried.join('; ');
    throw new Problem('model-unavailable', `the file of ${model.id} could not be had: ${tried}`);
  }
  const { path, sha256, size, source } = fetched;
  if (json) output.out(JSON.stringify({ id: model.id, path, sha256, size, source }));
  else output.out(path);
  if (model.sha256 === null) output.err(`nobody pinned it yet: write \`sha256: ${sha256}\` into models.yaml`);
  return 0;
}

function pathOf({ dataDir }: EnvironmentSettings, model: Model): string {
  return join(dataDir, 'models', `${model.id}.gguf`);
}

function readCharter(folder: string): Charter {
  const checked = checkCharter(readCharterFolder(folder), readRedLineSets());
  if (checked.kind === 'valid') return checked.charter;
  const [first] = checked.errors;
  const example = first === undefined ? '' : `, first ${formatCharterError(first)}`;
  throw new Problem('charter-invalid', `the charter ${folder} has mistakes${example}; see \`./polity charter check\``);
}

function reporter(output: Output): (step: FetchStep) => void {
  let reportedMs = Number.NEGATIVE_INFINITY;
  return (step) => {
    if (step.kind === 'verifying') output.err(`verifying ${step.path}`);
    if (step.kind === 'source') output.err(`from ${step.source}`);
    if (step.kind !== 'progress' || performance.now() - reportedMs < REPORT_EVERY_MS) return;
    reportedMs = performance.now();
    const { bytes, total } = step.progress;
    const share = total === null ? '' : ` of ${(total / 1e6).toFixed(1)}`;
    output.err(`${(bytes / 1e6).toFixed(1)}${share} MB`);
  };
}
