import { type ProblemEntry, problems } from '../../src/kit/problems.ts';

const whoFixes: Record<ProblemEntry['fixedBy'], string> = {
  caller: 'Whoever sent the request.',
  operator: 'Whoever runs this service.',
  authority: 'The authority that made the rule, by changing the charter; or the caller, by asking for something else.',
};

/** File name → text, for every code of the catalogue and for the index. */
export function problemPages(): ReadonlyMap<string, string> {
  const entries = Object.entries(problems as Record<string, ProblemEntry>).sort(([a], [b]) => (a < b ? -1 : 1));
  const pages = new Map(entries.map(([code, entry]) => [`${code}.md`, problemPage(code, entry)]));
  return pages.set('README.md', indexPage(entries));
}

function problemPage(code: string, entry: ProblemEntry): string {
  return `# ${entry.title}

| | |
|---|---|
| Code | \`${code}\` |
| HTTP status | ${entry.status} |
| \`error.type\` for OpenAI's clients | \`${entry.openaiType}\` |
| \`error.code\` for OpenAI's clients | \`${entry.openaiCode ?? code.replaceAll('-', '_')}\` |

**What it means.** ${entry.means}

**Who can mend it.** ${whoFixes[entry.fixedBy]}

**What to do.** ${entry.remedy}

[All problems](README.md)
`;
}

function indexPage(entries: readonly (readonly [string, ProblemEntry])[]): string {
  const rows = entries.map(([code, { status, title }]) => `| ${status} | [\`${code}\`](${code}.md) | ${title} |`);
  const sorted = rows.sort((a, b) => Number(a.slice(2, 5)) - Number(b.slice(2, 5)));
  return `# Problems

Every error answer is \`application/problem+json\` (RFC 9457). Its \`type\` is the address of one of these pages; its
\`detail\` says what happened this time. The pages are made from \`src/kit/problems.ts\` by \`npm run docs\`.

| Status | Code | Title |
|---|---|---|
${sorted.join('\n')}
`;
}
