import { LineCounter, parseDocument as parseYaml } from 'yaml';
import { FrontMatter, type KnowledgeDocument, type Passage } from './schema.ts';

/** A passage longer than this is no passage. Characters. */
const PASSAGE_MAX = 4_000;
const PASSAGES_MAX = 200;

export interface DocumentFile {
  /** As people find it, such as `knowledge/et/birth-registration.md`. */
  readonly path: string;
  readonly language: string;
  readonly text: string;
}

/** @throws Error that names file, line, what was found and what was expected */
export function parseDocument(file: DocumentFile): KnowledgeDocument {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(file.text.replaceAll('\r\n', '\n'));
  if (parts === null) throw new Error(`${file.path}:1: found no front matter, expected \`---\`, YAML and \`---\``);
  const [, yaml = '', body = ''] = parts;
  const front = parseFront(yaml, file);
  const name = file.path.replace(/^.*\//, '').replace(/\.md$/, '');
  if (front.id !== name)
    throw new Error(`${file.path}:2: found the id \`${front.id}\`, expected \`${name}\`, the name of the file`);
  const firstLine = yaml.split('\n').length + 3;
  return { language: file.language, front, passages: parsePassages(body, file, firstLine) };
}

function parseFront(yaml: string, file: DocumentFile): FrontMatter {
  const lines = new LineCounter();
  const document = parseYaml(yaml, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault !== undefined)
    throw new Error(
      `${file.path}:${(fault.linePos?.[0].line ?? 0) + 1}: found YAML that cannot be read: ${fault.message.split('\n')[0]}`,
    );
  const result = FrontMatter.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const node = document.getIn(issue?.path ?? [], true) as { range?: [number, number, number] } | undefined;
  const line = node?.range === undefined ? 1 : lines.linePos(node.range[0]).line + 1;
  throw new Error(
    `${file.path}:${line}: \`${issue?.path.join('.') || 'front matter'}\` is not valid: ${issue?.message}`,
  );
}

function parsePassages(body: string, file: DocumentFile, firstLine: number): Passage[] {
  const passages: Passage[] = [];
  let heading: string | null = null;
  let lines: string[] = [];
  const close = (line: number) => {
    const text = lines.join(' ').replaceAll(/\s+/g, ' ').trim();
    lines = [];
    if (heading === null && text === '') return;
    if (heading === null)
      throw new Error(`${file.path}:${line}: found text before the first heading, expected \`## …\``);
    if (text === '') throw new Error(`${file.path}:${line}: found a heading without a text below`);
    if (text.length > PASSAGE_MAX)
      throw new Error(
        `${file.path}:${line}: found ${text.length} characters, expected at most ${PASSAGE_MAX} in a passage`,
      );
    passages.push({ position: passages.length, heading, text });
  };
  for (const [offset, line] of body.split('\n').entries()) {
    const title = /^## (.+)$/.exec(line);
    if (title === null && /^#{1,6}\s/.test(line))
      throw new Error(`${file.path}:${firstLine + offset}: found a heading of another level, expected \`## …\``);
    if (title === null) lines.push(line);
    else {
      close(firstLine + offset);
      heading = (title[1] ?? '').trim();
    }
  }
  close(firstLine + body.split('\n').length);
  if (passages.length === 0 || passages.length > PASSAGES_MAX)
    throw new Error(
      `${file.path}:${firstLine}: found ${passages.length} passages, expected 1 to ${PASSAGES_MAX}, each below \`## …\``,
    );
  return passages;
}
