import { resolve } from 'node:path';
import type { CollectionReport, LanguageResult, RefusalResult } from '../knowledge/index.ts';
import type { DocumentRecord } from '../knowledge/ports.ts';
import type { Output } from './charter-output.ts';

type Ask = (name: string, body: unknown) => Promise<unknown>;

interface Said {
  readonly ask: Ask;
  readonly output: Output;
  readonly json: boolean;
}

export async function runKnowledgeAdd(path: string, { ask, output, json }: Said): Promise<number> {
  const done = (await ask('knowledge/add', { path: resolve(path) })) as CollectionReport;
  if (json) output.out(JSON.stringify(done, null, 2));
  else output.out(`${done.indexed} indexed, ${done.unchanged} unchanged`);
  return 0;
}

export async function runKnowledgeList({ ask, output, json }: Said): Promise<number> {
  const { documents } = (await ask('knowledge/list', {})) as { documents: readonly DocumentRecord[] };
  if (json) {
    output.out(JSON.stringify(documents, null, 2));
    return 0;
  }
  const width = Math.max(2, ...documents.map(({ id }) => id.length));
  output.out(`${'id'.padEnd(width)}  lang  source   checked     passages  title, authority`);
  for (const { id, language, source, checked, passages, title, authority } of documents) {
    const count = String(passages).padStart(8);
    output.out(
      `${id.padEnd(width)}  ${language.padEnd(4)}  ${source.padEnd(7)}  ${(checked ?? 'never').padEnd(10)}  ${count}  ${title}, ${authority}`,
    );
  }
  output.out(`${documents.length} documents`);
  return 0;
}

export interface EvaluationWish {
  readonly language: string | undefined;
  /** Another folder of questions than the charter's. */
  readonly questions: string | undefined;
  readonly failures: boolean;
}

export async function runKnowledgeEval(wish: EvaluationWish, { ask, output, json }: Said): Promise<number> {
  const { language, questions } = wish;
  const body = {
    ...(language === undefined ? {} : { language }),
    ...(questions === undefined ? {} : { questions: resolve(questions) }),
  };
  const done = (await ask('knowledge/eval', body)) as {
    languages: readonly LanguageResult[];
    unanswerable: RefusalResult;
  };
  if (json) {
    output.out(JSON.stringify(done, null, 2));
    return 0;
  }
  output.out('language  questions  MRR@10  right first  refused  p50 ms  p95 ms');
  for (const one of done.languages) {
    const cells = [
      one.language.padEnd(8),
      String(one.questions).padStart(9),
      one.mrrAt10.toFixed(3).padStart(6),
      percent(one.rightFirst).padStart(11),
      percent(one.refused).padStart(7),
      one.p50Ms.toFixed(1).padStart(6),
      one.p95Ms.toFixed(1).padStart(6),
    ];
    output.out(cells.join('  '));
  }
  const { unanswerable } = done;
  output.out(
    `of ${unanswerable.questions} questions that the collection cannot answer, ${percent(unanswerable.refused)} were refused`,
  );
  if (wish.failures) printFailures(done, output);
  return 0;
}

function printFailures(
  done: { languages: readonly LanguageResult[]; unanswerable: RefusalResult },
  output: Output,
): void {
  for (const { language, misses } of done.languages)
    for (const { question, service, got } of misses)
      output.out(`${language}: ${question} → ${got ?? 'nothing'}, expected ${service}`);
  for (const { question, got } of done.unanswerable.answered) output.out(`not answerable: ${question} → ${got}`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
