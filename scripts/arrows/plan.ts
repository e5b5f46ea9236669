import { readFile } from 'node:fs/promises';

/** architecture.json: what may import what. */
export interface Plan {
  /** Folder of `src/` → the folders that it may import. A new arrow needs a decision record. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  /** Files by which other folders may enter: `*` for every folder, more for some. */
  readonly doors: Readonly<Record<string, readonly string[]>>;
  /** Folders that touch the world outside: the network, files, processes, the clock. All others are core. */
  readonly edges: readonly string[];
  /** Parts of Node that a core folder may use: they compute and reach nothing. */
  readonly pure: readonly string[];
  /** Single files of core folders that reach further, and to what: the exceptions, all in one place. */
  readonly reach: Readonly<Record<string, readonly string[]>>;
  /** Package → the folders that may import it. A new package needs a decision record. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Folders whose code, with everything that it reaches, also runs in a browser. */
  readonly browser: readonly string[];
  /** Files at which a process begins. What no entry and no test leads to is dead. */
  readonly entries: readonly string[];
}

export async function readPlan(file: string): Promise<Plan> {
  return JSON.parse(await readFile(file, 'utf8')) as Plan;
}
