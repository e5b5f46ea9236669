import { readdir, readFile } from 'node:fs/promises';

/** The list of all decision records, from their titles. */
export async function decisionIndex(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.md$/.test(name)).sort();
  const lines: string[] = [];
  for (const name of names) {
    const title = /^# (.*)$/m.exec(await readFile(`${folder}${name}`, 'utf8'))?.[1];
    lines.push(`- [${title}](${name})`);
  }
  return `# Decisions

One page each: context, decision, what we gave up, how we will know it was wrong. A new arrow between folders, a new package
and a new format need one. This list is made by \`npm run docs\`.

${lines.join('\n')}
`;
}
