import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { CharterError } from './charter-error.ts';
import { tooDeep } from './measure-nesting.ts';

export type Path = readonly PropertyKey[];

/** One YAML file: its data, and where each part of it stands. */
export interface YamlFile {
  readonly data: unknown;
  /** The place of a value; of the nearest thing around it when it is missing. */
  placeOf(path: Path): Place;
  /** The place of a key in the map at `path`. */
  placeOfKey(path: Path, key: string): Place;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type YamlResult =
  | { readonly kind: 'read'; readonly file: YamlFile }
  | { readonly kind: 'broken'; readonly errors: readonly CharterError[] };

/** Reads the plain part of YAML 1.2: no anchors, aliases, tags or second documents, so a file means what it shows. */
export function readYaml(file: string, text: string): YamlResult {
  const deep = tooDeep(text);
  if (deep !== null) {
    return {
      kind: 'broken',
      errors: [{ file, ...deep, found: 'lists and maps nested deeper', expected: 'at most 16 levels' }],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: false, schema: 'core' });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors: CharterError[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...place(error.pos[0]),
    ...phraseYamlError(error.code, error.message, /^[^:\n]*/.exec(text.slice(error.pos[0]))?.[0] ?? ''),
  }));
  // A tab throws the parser off: what it says afterwards is about the tab too.
  const tabs = errors.filter((error) => error.found === TAB);
  if (tabs.length > 0) return { kind: 'broken', errors: tabs };
  errors.push(...findIndirections(document, file, place));
  if (errors.length > 0) return { kind: 'broken', errors };
  return { kind: 'read', file: locate(document, place) };
}

const TAB = 'a tab';
/** A file full of aliases is one mistake, not a hundred thousand. */
const MAX_INDIRECTIONS = 20;

function findIndirections(document: Document, file: string, place: (offset: number) => Place): CharterError[] {
  const errors: CharterError[] = [];
  const report = (offset: number, found: string, expected: string) =>
    errors.push({ file, ...place(offset), found, expected });
  visit(document, {
    Node(_key, node) {
      if (errors.length >= MAX_INDIRECTIONS) return visit.BREAK;
      const start = node.range?.[0] ?? 0;
      if (isAlias(node)) report(start, `the alias \`*${node.source}\``, 'the value itself, written out');
      else if (node.anchor !== undefined)
        report(start, `the anchor \`&${node.anchor}\``, 'no anchors: write the value out');
      else if (node.tag !== undefined && !isMap(node) && !isSeq(node)) {
        const tag = node.tag.replace('tag:yaml.org,2002:', '!!');
        report(start, `the tag \`${tag}\``, 'a plain value without a tag');
      }
      return undefined;
    },
  });
  return errors;
}

function locate(document: Document, place: (offset: number) => Place): YamlFile {
  const nodeAt = (path: Path): { node: unknown; whole: boolean } => {
    let node: unknown = document.contents;
    for (const step of path) {
      const next = child(node, step);
      if (next === undefined) return { node, whole: false };
      node = next;
    }
    return { node, whole: true };
  };
  const start = (node: unknown): Place => place(isNode(node) ? (node.range?.[0] ?? 0) : 0);
  return {
    data: document.toJS({ maxAliasCount: 0 }),
    placeOf: (path) => start(nodeAt(path).node),
    placeOfKey: (path, key) => {
      const { node } = nodeAt(path);
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : null;
      return start(pair?.key ?? node);
    },
  };
}

function child(node: unknown, step: PropertyKey): unknown {
  if (isSeq(node) && typeof step === 'number') return node.items[step];
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
  return pair?.value ?? undefined;
}

function phraseYamlError(code: string, message: string, source: string): { found: string; expected: string } {
  const known: Record<string, { found: string; expected: string }> = {
    DUPLICATE_KEY: {
      found: `the key \`${source.trim().slice(0, 60)}\` a second time`,
      expected: 'each key once',
    },
    TAB_AS_INDENT: { found: TAB, expected: 'spaces for indentation' },
    MULTIPLE_DOCS: { found: 'a second document after `---`', expected: 'one document in each file' },
    BAD_ALIAS: { found: 'an alias', expected: 'the value itself, written out' },
    TAG_RESOLVE_FAILED: { found: `the tag \`${source.slice(0, 60)}\``, expected: 'a plain value without a tag' },
    BAD_DIRECTIVE: { found: 'a directive', expected: 'plain YAML without `%` lines' },
  };
  const phrase = message.split('\n')[0] ?? message;
  return known[code] ?? { found: lowerFirst(phrase), expected: 'YAML 1.2' };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
