import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatCharterError, readCharterFolder } from '../../charter/index.ts';
import type { Charter, Model } from '../../charter/schema.ts';
import { checkCharter, readRedLineSets } from '../../policy/index.ts';
import { examineBackends } from './examine-backends.ts';
import { type Finding, fail, ok, type Patient, warn } from './finding.ts';

/** The charter, the file of the model that it embeds, and the backends that it names. */
export async function examineCharter(patient: Patient): Promise<Finding[]> {
  const { charterFolder } = patient.settings;
  if (!existsSync(charterFolder)) {
    return [
      fail(
        `there is no charter in ${charterFolder}`,
        'set POLITY_CHARTER to a folder, or make one: `./polity init <country>`',
      ),
    ];
  }
  const checked = checkCharter(readCharterFolder(charterFolder), readRedLineSets());
  if (checked.kind === 'invalid') {
    const [first] = checked.errors;
    const count = checked.errors.length === 1 ? '1 mistake' : `${checked.errors.length} mistakes`;
    const what = `the charter ${charterFolder} has ${count}${first === undefined ? '' : `, first ${formatCharterError(first)}`}`;
    return [fail(what, 'see all with `./polity charter check`')];
  }
  return [
    ok(`the charter ${charterFolder} is valid`),
    await examineModel(patient, checked.charter),
    ...(await examineBackends(checked.charter, patient)),
  ];
}

async function examineModel({ settings }: Patient, charter: Charter): Promise<Finding> {
  const model = charter.models.find(({ id }) => id === charter.country.embedded.model);
  if (model === undefined)
    return warn('the charter embeds no model', 'name one under `embedded` in charter.yaml, or use other backends');
  const path = settings.modelOverride ?? join(settings.dataDir, 'models', `${model.id}.gguf`);
  if (!existsSync(path)) {
    if (settings.modelOverride !== null)
      return fail(`POLITY_MODEL names ${path}, which is not there`, 'name a GGUF file');
    return warn(
      `the file of ${model.id} is not there yet`,
      'it is fetched at the next start; `./polity models pull` does it now',
    );
  }
  return await compareFile(path, model);
}

async function compareFile(path: string, model: Model): Promise<Finding> {
  const mend = `remove ${path} and run \`./polity models pull\`; to run another model, name it in models.yaml`;
  const { size } = statSync(path);
  if (model.bytes !== null && size !== model.bytes)
    return fail(`${path} has ${size} bytes instead of ${model.bytes}`, mend);
  if (model.sha256 === null) return warn(`nobody pinned the digest of ${model.id}`, 'write it into models.yaml');
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex') === model.sha256
    ? ok(`the file of ${model.id} has the digest that the charter pins`)
    : fail(`${path} has another digest than the charter pins`, mend);
}
