/** Writes docs/decisions/README.md: the list of all decision records, from their titles. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../docs/decisions/', import.meta.url));
const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.md$/.test(name)).sort();
const lines: string[] = [];
for (const name of names) {
  const title = /^# (.*)$/m.exec(await readFile(`${folder}${name}`, 'utf8'))?.[1];
  lines.push(`- [${title}](${name})`);
}
const text = `# Decisions

One page each: context, decision, what we gave up, how we will know it was wrong. A new arrow between folders, a new package
and a new format need one. This list is made by \`scripts/make-decision-index.ts\`.

${lines.join('\n')}
`;
await writeFile(`${folder}README.md`, text);
console.log(`docs/decisions: ${names.length} records`);
