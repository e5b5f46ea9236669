import { findNearest } from './find-nearest.ts';
import type { RawCharter } from './raw-charter.ts';
import type { Path } from './read-yaml.ts';

interface Target {
  readonly file: string;
  readonly path: Path;
  /** As in `a model of models.yaml`. */
  readonly what: string;
}

const targets = {
  model: { file: 'models.yaml', path: [], what: 'the id of a model in models.yaml' },
  site: { file: 'sites.yaml', path: [], what: 'the id of a site in sites.yaml' },
  purpose: { file: 'purposes.yaml', path: [], what: 'the id of a purpose in purposes.yaml' },
  level: { file: 'classification.yaml', path: ['levels'], what: 'a level of classification.yaml' },
  tenant: { file: 'tenants.yaml', path: [], what: 'the id of a tenant in tenants.yaml' },
  institution: { file: 'institutions.yaml', path: [], what: 'the id of an institution in institutions.yaml' },
  caveat: { file: 'classification.yaml', path: ['caveats'], what: 'a caveat of classification.yaml' },
} as const satisfies Record<string, Target>;

/** Every name that one file takes from another must exist there. */
export function checkReferences(raw: RawCharter): void {
  checkName(raw, targets.model, { file: 'charter.yaml', path: ['embedded', 'model'] });
  checkName(raw, targets.tenant, { file: 'charter.yaml', path: ['assistant', 'tenant'] });
  checkName(raw, targets.purpose, { file: 'charter.yaml', path: ['assistant', 'purpose'] });
  checkName(raw, targets.institution, { file: 'charter.yaml', path: ['assistant', 'contest', 'institution'] });
  each(raw, { file: 'classification.yaml', path: ['equivalences'] }, (path) => {
    checkName(raw, targets.level, { file: 'classification.yaml', path: [...path, 'level'] });
  });
  each(raw, { file: 'purposes.yaml', path: [] }, (path) => checkClearance(raw, 'purposes.yaml', [...path, 'classes']));
  each(raw, { file: 'backends.yaml', path: [] }, (path) => {
    checkName(raw, targets.model, { file: 'backends.yaml', path: [...path, 'model'] });
    checkName(raw, targets.site, { file: 'backends.yaml', path: [...path, 'site'] });
    checkClearance(raw, 'backends.yaml', [...path, 'clearance']);
  });
  each(raw, { file: 'tenants.yaml', path: [] }, (path) => {
    checkNames(raw, targets.purpose, { file: 'tenants.yaml', path: [...path, 'purposes'] });
    checkClearance(raw, 'tenants.yaml', [...path, 'clearance']);
  });
}

interface Spot {
  readonly file: string;
  readonly path: Path;
}

function each(raw: RawCharter, { file, path }: Spot, visit: (path: Path) => void): void {
  for (const index of raw.list(file, path).keys()) visit([...path, index]);
}

function checkClearance(raw: RawCharter, file: string, path: Path): void {
  checkName(raw, targets.level, { file, path: [...path, 'level'] });
  checkNames(raw, targets.caveat, { file, path: [...path, 'caveats'] });
}

function checkNames(raw: RawCharter, target: Target, { file, path }: Spot): void {
  const seen = new Set<unknown>();
  for (const [index, name] of raw.list(file, path).entries()) {
    if (seen.has(name))
      raw.report(file, [...path, index], { found: `\`${String(name)}\` a second time`, expected: 'each name once' });
    seen.add(name);
    checkName(raw, target, { file, path: [...path, index] });
  }
}

function checkName(raw: RawCharter, target: Target, { file, path }: Spot): void {
  const name = raw.text(file, path);
  // A file that could not be read, or holds no list, has its own errors; names cannot be held against it.
  if (name === undefined || !Array.isArray(raw.value(target.file, target.path))) return;
  const ids = raw.ids(target.file, target.path);
  if (ids.includes(name)) return;
  raw.report(file, path, { found: `\`${name.slice(0, 63)}\``, expected: target.what, nearest: findNearest(name, ids) });
}

const lists: readonly Spot[] = [
  { file: 'institutions.yaml', path: [] },
  { file: 'classification.yaml', path: ['levels'] },
  { file: 'classification.yaml', path: ['caveats'] },
  { file: 'purposes.yaml', path: [] },
  { file: 'models.yaml', path: [] },
  { file: 'sites.yaml', path: [] },
  { file: 'backends.yaml', path: [] },
  { file: 'tenants.yaml', path: [] },
];

/** Within a list, each id once. */
export function checkDuplicateIds(raw: RawCharter): void {
  for (const { file, path } of lists) {
    const seen = new Set<string>();
    each(raw, { file, path }, (item) => {
      const id = raw.text(file, [...item, 'id']);
      if (id === undefined) return;
      if (seen.has(id))
        raw.report(file, [...item, 'id'], { found: `the id \`${id}\` a second time`, expected: 'each id once' });
      seen.add(id);
    });
  }
}
