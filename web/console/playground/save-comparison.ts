import type { Column } from './use-columns.ts';

/** Question and answers as a file: for a report, or for a program. */
export function saveComparison(columns: readonly Column[], kind: 'md' | 'json'): void {
  const text = kind === 'json' ? JSON.stringify(columns, null, 2) : inMarkdown(columns);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  link.download = `comparison.${kind}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function inMarkdown(columns: readonly Column[]): string {
  const [first] = columns;
  if (first === undefined) return '';
  const { tenant, purpose, level, system, prompt } = first.wish;
  const asked = [
    `- tenant: ${tenant}`,
    `- purpose: ${purpose}`,
    ...(level === '' ? [] : [`- class: ${level}`]),
    ...(system === '' ? [] : ['', '## System', '', system]),
    '',
    '## Prompt',
    '',
    prompt,
  ];
  const answers = columns.flatMap(({ model, text, problem, firstMs, totalMs, usage, receiptId }) => [
    '',
    `## ${model}`,
    '',
    problem === null ? text : `> ${problem.detail}`,
    '',
    `First token ${milliseconds(firstMs)}, all ${milliseconds(totalMs)}; tokens ${usage?.prompt_tokens ?? '–'} in, ${usage?.completion_tokens ?? '–'} out; receipt ${receiptId ?? '–'}`,
  ]);
  return `${['# Comparison', '', ...asked, ...answers].join('\n')}\n`;
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : `${Math.round(ms)} ms`;
}
