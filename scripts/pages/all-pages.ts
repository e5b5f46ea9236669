import { readFile } from 'node:fs/promises';
import { readPlan } from '../arrows/plan.ts';
import { charterReferencePage } from './charter-reference.ts';
import { commandReferencePage } from './command-reference.ts';
import { decisionIndex } from './decision-index.ts';
import { placeDiagram } from './folder-diagram.ts';
import { problemPages } from './problem-page.ts';
import { ledgerVectors, receiptVectors } from './vectors.ts';

/** Path from the root → text, for every page that is made from the code. */
export async function allPages(root: string): Promise<ReadonlyMap<string, string>> {
  const architecture = await readFile(`${root}ARCHITECTURE.md`, 'utf8');
  const pages = new Map([
    ['ARCHITECTURE.md', placeDiagram(architecture, await readPlan(`${root}architecture.json`))],
    ['docs/decisions/README.md', await decisionIndex(`${root}docs/decisions/`)],
    ['docs/spec/commands.md', commandReferencePage()],
    ['docs/spec/charter.md', charterReferencePage()],
    ['docs/spec/vectors/ledger.json', ledgerVectors()],
    ['docs/spec/vectors/receipt.json', await receiptVectors()],
  ]);
  for (const [name, text] of problemPages()) pages.set(`docs/problems/${name}`, text);
  return pages;
}
