import { charterDigest } from './charter-digest.ts';
import { type CharterError, sortCharterErrors } from './charter-error.ts';
import { checkJurisdictions } from './check-jurisdictions.ts';
import { checkRedLines, type RedLineDigests } from './check-red-lines.ts';
import { checkDuplicateIds, checkReferences } from './check-references.ts';
import { checkRules } from './check-rules.ts';
import { phraseIssues } from './check-shape.ts';
import { decodeText } from './decode-text.ts';
import { RawCharter } from './raw-charter.ts';
import { readYaml, type YamlFile } from './read-yaml.ts';
import { type Charter, type CharterBytes, charterFiles, type PolicyFile } from './schema.ts';

export type ParsedCharter =
  | { readonly kind: 'valid'; readonly charter: Charter; readonly warnings: readonly CharterError[] }
  | { readonly kind: 'invalid'; readonly errors: readonly CharterError[] };

/**
 * Reads and checks the YAML files of a charter and reports every mistake. Policies are checked by `policy/`.
 * `redLines` are the digests of the released sets by name; null leaves the pins to `compileLaw`.
 */
export function parseCharter(bytes: CharterBytes, redLines: RedLineDigests = null): ParsedCharter {
  const errors: CharterError[] = [];
  const texts = decodeAll(bytes, errors);
  const files = new Map<string, YamlFile>();
  const data = new Map<string, unknown>();
  for (const [name, schema] of Object.entries(charterFiles)) {
    const text = texts.get(name);
    if (text === undefined) continue;
    const result = readYaml(name, text);
    if (result.kind === 'broken') {
      errors.push(...result.errors);
      continue;
    }
    files.set(name, result.file);
    const shape = schema.safeParse(result.file.data);
    if (shape.success) data.set(name, shape.data);
    else errors.push(...phraseIssues(shape.error.issues, { name, schema, yaml: result.file }));
  }
  const raw = new RawCharter(files);
  checkDuplicateIds(raw);
  checkReferences(raw);
  checkJurisdictions(raw);
  checkRules(raw);
  if (redLines !== null) checkRedLines(raw, redLines);
  errors.push(...raw.errors);
  if (errors.length > 0) return { kind: 'invalid', errors: sortCharterErrors(errors) };
  return {
    kind: 'valid',
    charter: assemble(bytes, data, policiesOf(texts)),
    warnings: sortCharterErrors(raw.warnings),
  };
}

function decodeAll(bytes: CharterBytes, errors: CharterError[]): Map<string, string> {
  const texts = new Map<string, string>();
  const missing = (file: string, expected: string) =>
    errors.push({ file, line: 0, column: 0, found: 'no such file', expected });
  for (const name of Object.keys(charterFiles))
    if (!bytes.has(name)) missing(name, 'every file of a charter; `./polity init` writes them all');
  for (const [name, content] of bytes) {
    const text = decodeText(name, content);
    if (typeof text === 'string') texts.set(name, text);
    else errors.push(text);
  }
  if (![...bytes.keys()].some(isPolicy))
    missing('policies/', 'at least one `.cedar` file: without a permit nothing is allowed');
  return texts;
}

function isPolicy(path: string): boolean {
  return path.startsWith('policies/') && path.endsWith('.cedar');
}

function policiesOf(texts: ReadonlyMap<string, string>): PolicyFile[] {
  return [...texts.keys()]
    .filter(isPolicy)
    .sort()
    .map((path) => ({ path, text: texts.get(path) ?? '' }));
}

function assemble(bytes: CharterBytes, data: ReadonlyMap<string, unknown>, policies: PolicyFile[]): Charter {
  return deepFreeze({
    digest: charterDigest(bytes),
    country: data.get('charter.yaml') as Charter['country'],
    institutions: data.get('institutions.yaml') as Charter['institutions'],
    classification: data.get('classification.yaml') as Charter['classification'],
    purposes: data.get('purposes.yaml') as Charter['purposes'],
    models: data.get('models.yaml') as Charter['models'],
    sites: data.get('sites.yaml') as Charter['sites'],
    backends: data.get('backends.yaml') as Charter['backends'],
    tenants: data.get('tenants.yaml') as Charter['tenants'],
    policies,
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
