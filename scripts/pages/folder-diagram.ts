import type { Plan } from '../arrows/plan.ts';

const BEGIN = '<!-- folders: made by npm run docs -->';
const END = '<!-- end of folders -->';

/**
 * The arrows of architecture.json as Mermaid text. An arrow that a longer way already shows is left out, as in a family tree:
 * `gateway → kit` goes without saying when `gateway → charter → kit` is drawn.
 */
function drawFolders({ folders }: Plan): string {
  const lines = ['flowchart TD'];
  for (const folder of Object.keys(folders).reverse()) {
    const targets = folders[folder] ?? [];
    const direct = targets.filter((target) => !targets.some((other) => reaches(folders, other, target)));
    for (const target of direct) lines.push(`  ${folder} --> ${target}`);
  }
  return lines.join('\n');
}

function reaches(folders: Plan['folders'], from: string, to: string): boolean {
  return (folders[from] ?? []).some((next) => next === to || reaches(folders, next, to));
}

/** @throws when the document lacks the markers. */
export function placeDiagram(document: string, plan: Plan): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the document needs the lines \`${BEGIN}\` and \`${END}\``);
  const picture = `${BEGIN}\n\n\`\`\`mermaid\n${drawFolders(plan)}\n\`\`\`\n\n`;
  return document.slice(0, begin) + picture + document.slice(end);
}
