import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Problem } from '../kit/index.ts';
import type { CollectionFile, KnownItem } from '../knowledge/index.ts';

/** A text that people wrote; a larger file is a mistake. Bytes. */
const FILE_MAX = 1_000_000;

/** `<language>/<id>.md` below a folder. An absent folder is an empty collection. */
export function readCollection(folder: string): CollectionFile[] {
  return list(folder)
    .filter((language) => /^[a-z]{2,3}$/.test(language))
    .flatMap((language) =>
      list(join(folder, language))
        .filter((name) => name.endsWith('.md'))
        .map((name) => readDocument(join(folder, language, name), language)),
    );
}

/** One document, `…/<language>/<id>.md`, or a folder of them. @throws Problem */
export function readWished(path: string): CollectionFile[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined) throw new Problem('invalid-request', `there is no file or folder \`${path}\``);
  if (isFolder) {
    const files = readCollection(path);
    if (files.length === 0)
      throw new Problem('invalid-request', `\`${path}\` has no documents; expected \`<language>/<id>.md\` below it`);
    return files;
  }
  const language = basename(join(path, '..'));
  if (!/^[a-z]{2,3}$/.test(language) || !path.endsWith('.md'))
    throw new Problem(
      'invalid-request',
      `\`${path}\` is no document; expected \`…/<language>/<id>.md\`, such as \`et/passport.md\``,
    );
  return [readDocument(path, language)];
}

function readDocument(path: string, language: string): CollectionFile {
  if (statSync(path).size > FILE_MAX)
    throw new Problem('invalid-request', `\`${path}\` has more than ${FILE_MAX} bytes`);
  const bytes = readFileSync(path);
  return { path, language, bytes, text: bytes.toString('utf8') };
}

const items = z.array(z.strictObject({ question: z.string(), service: z.string() }));
const others = z.array(z.strictObject({ question: z.string(), language: z.string() }));

export interface Questions {
  readonly byLanguage: ReadonlyMap<string, readonly KnownItem[]>;
  readonly unanswerable: z.infer<typeof others>;
}

/** `questions/<language>-*.yaml` and `questions/unanswerable-*.yaml`. @throws Error that names the file */
export function readQuestions(folder: string): Questions {
  if (list(folder).length === 0) throw new Problem('invalid-request', `there are no questions in \`${folder}\``);
  const byLanguage = new Map<string, KnownItem[]>();
  const unanswerable: z.infer<typeof others> = [];
  for (const name of list(folder).filter((one) => one.endsWith('.yaml'))) {
    const content: unknown = parse(readFileSync(join(folder, name), 'utf8'));
    const language = /^([a-z]{2,3})-/.exec(name)?.[1];
    if (name.startsWith('unanswerable-')) unanswerable.push(...checked(name, others, content));
    else if (language !== undefined)
      byLanguage.set(language, [...(byLanguage.get(language) ?? []), ...checked(name, items, content)]);
  }
  return { byLanguage, unanswerable };
}

function checked<T>(name: string, shape: z.ZodType<T>, content: unknown): T {
  const result = shape.safeParse(content);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${name}: entry ${String(issue?.path[0])} is not valid: ${issue?.message}`);
}

function list(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder).sort() : [];
}
