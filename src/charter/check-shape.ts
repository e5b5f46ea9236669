import type { z } from 'zod';
import type { CharterError } from './charter-error.ts';
import { describeValue } from './describe-value.ts';
import { findNearest } from './find-nearest.ts';
import type { Path, YamlFile } from './read-yaml.ts';
import { validKeys } from './walk-schema.ts';

type Issue = z.core.$ZodIssue;

interface Checked {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly yaml: YamlFile;
}

/** Turns what zod found into errors with places. */
export function phraseIssues(issues: readonly Issue[], checked: Checked): CharterError[] {
  return issues.flatMap((issue) => phraseIssue(issue, checked));
}

function phraseIssue(issue: Issue, checked: Checked): CharterError[] {
  const { name: file, yaml } = checked;
  const value = valueAt(yaml.data, issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, issue.path, checked));
  if (issue.code === 'invalid_key') {
    const key = String(issue.path.at(-1));
    const place = yaml.placeOfKey(issue.path.slice(0, -1), key);
    return [{ file, ...place, found: `the key \`${key}\``, expected: issue.issues[0]?.message ?? 'another key' }];
  }
  const missing = value === undefined && issue.path.length > 0;
  if (missing && typeof issue.path.at(-1) === 'string') {
    const place = yaml.placeOf(issue.path.slice(0, -1));
    return [{ file, ...place, found: `no \`${String(issue.path.at(-1))}\``, expected: expectation(issue).text }];
  }
  const { text, names } = expectation(issue);
  const nearest = names === undefined || typeof value !== 'string' ? undefined : findNearest(value, names);
  const found =
    isKeyReference(file, issue.path) && value !== null ? 'a literal value (not shown)' : describeValue(value);
  return [{ file, ...yaml.placeOf(issue.path), found, expected: text, ...(nearest === undefined ? {} : { nearest }) }];
}

function unknownKey(key: string, path: Path, { name, schema, yaml }: Checked): CharterError {
  const keys = validKeys(schema, path, yaml.data);
  const nearest = findNearest(key, keys);
  return {
    file: name,
    ...yaml.placeOfKey(path, key),
    found: `the unknown key \`${key.slice(0, 60)}\``,
    expected: keys.length === 0 ? 'no such key' : `one of ${keys.map((valid) => `\`${valid}\``).join(', ')}`,
    ...(nearest === undefined ? {} : { nearest }),
  };
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  tuple: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};

function expectation(issue: Issue): { text: string; names?: string[] } {
  if (issue.code === 'invalid_type') return { text: typeNames[issue.expected] ?? issue.expected };
  if (issue.code === 'invalid_value') {
    const names = issue.values.map(String);
    const listed = names.map((name) => `\`${name}\``).join(', ');
    return { text: names.length === 1 ? listed : `one of ${listed}`, names };
  }
  if (issue.code === 'too_small')
    return { text: bound(issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum), issue.origin) };
  if (issue.code === 'too_big') return { text: bound('at most', Number(issue.maximum), issue.origin) };
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) {
    const names = (issue as { options?: unknown[] }).options?.map(String) ?? [];
    return { text: `one of ${names.map((name) => `\`${name}\``).join(', ')}`, names };
  }
  return { text: issue.message };
}

function bound(side: string, limit: number, origin: string): string {
  if (origin === 'string')
    return limit === 1 && side === 'at least' ? 'text that is not empty' : `${side} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `${side} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  return `${side} ${limit}`;
}

/** `key` of a backend holds a reference; whatever else stands there may be the secret itself. */
function isKeyReference(file: string, path: Path): boolean {
  return file === 'backends.yaml' && path.at(-1) === 'key';
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step];
  return value;
}
