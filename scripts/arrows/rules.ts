import { findCycles } from './find-cycles.ts';
import type { Plan } from './plan.ts';
import { type Arrow, folderOf, type House, isTest } from './survey.ts';

export interface Breach {
  readonly rule: string;
  /** `file:line`, or a file. */
  readonly where: string;
  /** What is wrong and what to do. */
  readonly says: string;
}

type Rule = (house: House, plan: Plan) => Breach[];

/** All rules of the house. Tests may look behind doors, but the files that run may not. */
export function findBreaches(house: House, plan: Plan): Breach[] {
  const running: House = {
    files: house.files.filter((file) => !isTest(file)),
    arrows: house.arrows.filter((arrow) => !isTest(arrow.from)),
  };
  const rules: Rule[] = [onlyKnownFolders, onlyPlannedArrows, onlyDoors, noOwnIndex, noWayOut, noImportOfMain];
  const breaches = [...rules, onlyKnownPackages, coreStaysPure, browserStaysFree, noCycles].flatMap((rule) =>
    rule(running, plan),
  );
  return [...breaches, ...noDeadFiles(house, plan)];
}

function at(arrow: Arrow): string {
  return `${arrow.from}:${arrow.line}`;
}

function onlyKnownFolders({ files }: House, plan: Plan): Breach[] {
  return files
    .filter((file) => file !== 'main.ts' && !Object.hasOwn(plan.folders, folderOf(file)))
    .map((file) => ({ rule: 'folder', where: file, says: 'lies in no folder of architecture.json; move it into one' }));
}

function onlyPlannedArrows({ arrows }: House, plan: Plan): Breach[] {
  return arrows.flatMap((arrow) => {
    const [from, to] = [folderOf(arrow.from), folderOf(arrow.to ?? '')];
    if (from === '' || to === '' || to === '..' || from === to) return [];
    if (plan.folders[from]?.includes(to)) return [];
    const says = `\`${from}\` may not import \`${to}\`; pass it as an argument, or plan the arrow with a decision record`;
    return [{ rule: 'arrow', where: at(arrow), says }];
  });
}

function onlyDoors({ arrows }: House, plan: Plan): Breach[] {
  return arrows.flatMap((arrow) => {
    const to = folderOf(arrow.to ?? '');
    if (arrow.to === null || to === '' || to === '..' || to === folderOf(arrow.from)) return [];
    if (arrow.from === 'main.ts' && to === 'processes') return [];
    const doors = [...(plan.doors['*'] ?? []), ...(plan.doors[to] ?? [])];
    if (doors.some((door) => arrow.to === `${to}/${door}`)) return [];
    return [{ rule: 'door', where: at(arrow), says: `enter \`${to}\` by ${doors.join(', ')}, not by \`${arrow.to}\`` }];
  });
}

function noOwnIndex({ arrows }: House): Breach[] {
  return arrows
    .filter(({ from, to }) => to !== null && folderOf(from) !== '' && to === `${folderOf(from)}/index.ts`)
    .map((arrow) => ({ rule: 'own-index', where: at(arrow), says: 'import the file itself, not your own index' }));
}

function noWayOut({ arrows }: House): Breach[] {
  return arrows
    .filter(({ to }) => to?.startsWith('../'))
    .map((arrow) => ({ rule: 'outside', where: at(arrow), says: 'what runs imports nothing from outside `src/`' }));
}

function noImportOfMain({ arrows }: House): Breach[] {
  return arrows
    .filter(({ to }) => to === 'main.ts')
    .map((arrow) => ({ rule: 'main', where: at(arrow), says: 'nothing imports `main.ts`; it only wires' }));
}

function onlyKnownPackages({ arrows }: House, plan: Plan): Breach[] {
  return arrows.flatMap((arrow) => {
    if (arrow.to !== null || arrow.specifier.startsWith('node:')) return [];
    const name = /^(@[^/]+\/)?[^/]+/.exec(arrow.specifier)?.[0] ?? arrow.specifier;
    if (plan.packages[name]?.includes(folderOf(arrow.from))) return [];
    const says = `\`${name}\` belongs to ${plan.packages[name]?.join(', ') ?? 'no folder'}; ask that folder, or plan it`;
    return [{ rule: 'package', where: at(arrow), says }];
  });
}

/** Types are erased, so a core folder may name one of Node's; a value would reach the world. */
function coreStaysPure({ arrows }: House, plan: Plan): Breach[] {
  return arrows.flatMap((arrow) => {
    const folder = folderOf(arrow.from);
    if (folder === '' || plan.edges.includes(folder) || arrow.isTypeOnly) return [];
    if (!arrow.specifier.startsWith('node:') || plan.pure.includes(arrow.specifier)) return [];
    if (plan.reach[arrow.from]?.includes(arrow.specifier)) return [];
    const says = `\`${folder}\` is core and may not use \`${arrow.specifier}\`; take a port as an argument`;
    return [{ rule: 'core', where: at(arrow), says }];
  });
}

/** Follows every import, type-only ones too, from the folders that must also run in a browser. */
function browserStaysFree({ files, arrows }: House, plan: Plan): Breach[] {
  const reached = new Set(files.filter((file) => plan.browser.some((folder) => file.startsWith(`${folder}/`))));
  for (const file of reached) {
    for (const arrow of arrows) if (arrow.from === file && arrow.to !== null) reached.add(arrow.to);
  }
  return arrows
    .filter((arrow) => arrow.to === null && reached.has(arrow.from))
    .map((arrow) => ({
      rule: 'browser',
      where: at(arrow),
      says: `\`${arrow.specifier}\` is reached from ${plan.browser.join(', ')}, which also runs in a browser`,
    }));
}

function noCycles({ files, arrows }: House): Breach[] {
  const edges = new Map(files.map((file) => [file, [] as string[]]));
  for (const { from, to } of arrows) if (to !== null) edges.get(from)?.push(to);
  return findCycles(edges).map((cycle) => ({
    rule: 'cycle',
    where: cycle[0] as string,
    says: `imports itself by way of ${[...cycle.slice(1), cycle[0]].join(' → ')}`,
  }));
}

/** A file is alive when a process, the command line or a test leads to it. */
function noDeadFiles({ files, arrows }: House, plan: Plan): Breach[] {
  const alive = new Set(files.filter((file) => plan.entries.includes(file) || isTest(file)));
  for (const file of alive) {
    for (const arrow of arrows) if (arrow.from === file && arrow.to !== null) alive.add(arrow.to);
  }
  return files
    .filter((file) => !alive.has(file))
    .map((file) => ({ rule: 'dead', where: file, says: 'nothing leads here; use it or delete it' }));
}
