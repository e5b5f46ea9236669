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

export interface PullHooks {
  readonly id: string | undefined;
  readonly output: Output;
  /** How far it is: on a terminal each renews the one before. */
  progress(text: string): void;
  readonly progressEveryMs: number;
}

/** The catalogue of the charter, and which files are here. Needs no running instance. */
export function runModelsList({ settings, json }: ModelsArguments, output: Output): number {
  const charter = readCharter(settings.charterFolder);
  const rows = charter.models.map((model) => ({
    id: model.id,
    name: model.name,
    licence: model.licence,
    developer: model.origin.developer,
    languages: model.languages,
    bytes: model.bytes,
    sha256: model.sha256,
    hardware: model.hardware ?? null,
    checked: model.checked,
    admitted: model.admitted.map(({ mode }) => mode),
    embedded: model.id === charter.country.embedded.model,
    present: existsSync(pathOf(settings, model)),
  }));
  if (json) {
    output.out(JSON.stringify(rows, null, 2));
    return 0;
  }
  const width = Math.max(2, ...rows.map(({ id }) => id.length));
  output.out(`${'id'.padEnd(width)}  size     file     licence     languages, admitted to`);
  for (const { id, bytes, admitted, embedded, present, licence, languages, hardware } of rows) {
    const size = bytes === null ? '-' : `${(bytes / 1e6).toFixed(0)} MB`;
    const modes = `admitted to ${admitted.length === 0 ? 'nothing' : admitted.join(', ')}`;
    const file = present ? 'here   ' : 'not yet';
    const about = `${languages.join(' ')}, ${modes}${embedded ? '  (embedded)' : ''}`;
    output.out(`${id.padEnd(width)}  ${size.padEnd(7)}  ${file}  ${licence.padEnd(10)}  ${about}`);
    if (hardware !== null) output.out(`  ${hardware}`);
  }
  return 0;
}

/** Brings the file of a model, by default the embedded one. @throws Problem that says what was tried */
export async function runModelsPull(
  { settings, environment, json }: ModelsArguments,
  hooks: PullHooks,
): Promise<number> {
  const { id, output } = hooks;
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
    onStep: reporter(model, hooks),
  });
  if (fetched.kind === 'absent') {
    const tried = fetched.tried.length === 0 ? 'models.yaml names no source' : fetched.tried.join('; ');
    throw new Problem('model-unavailable', `the file of ${model.id} could not be had: ${tried}`);
  }
  const { path, sha256, size, source } = fetched;
  if (json) output.out(JSON.stringify({ id: model.id, path, sha256, size, source }));
  else output.out(path);
  if (model.sha256 !== null) output.err(`sha256 ${sha256}, as the charter pins it`);
  else output.err(`nobody pinned ${model.id} yet: write \`sha256: ${sha256}\` and \`bytes: ${size}\` into models.yaml`);
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

function reporter(model: Model, hooks: PullHooks): (step: FetchStep) => void {
  let reportedMs = Number.NEGATIVE_INFINITY;
  return (step) => {
    if (step.kind === 'verifying') hooks.output.err(`verifying ${step.path}`);
    if (step.kind === 'source') hooks.output.err(`${model.id} from ${step.source}`);
    if (step.kind !== 'progress' || performance.now() - reportedMs < hooks.progressEveryMs) return;
    reportedMs = performance.now();
    const { bytes } = step.progress;
    const whole = step.progress.total ?? model.bytes;
    const share = whole === null ? '' : ` of ${(whole / 1e6).toFixed(1)}`;
    const percent = whole === null ? '' : ` (${Math.min(100, Math.floor((100 * bytes) / whole))} %)`;
    hooks.progress(`${(bytes / 1e6).toFixed(1)}${share} MB${percent}`);
  };
}
