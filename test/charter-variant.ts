import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { root } from './start-polity.ts';

export type CharterEdits = Readonly<Record<string, (document: Document) => void>>;

/** A copy of the example charter in a fresh folder, with some of its files edited. */
export async function charterVariant(edits: CharterEdits): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'polity-charter-')), 'charter');
  await cp(join(root, 'charters/estonia'), folder, { recursive: true });
  for (const [file, edit] of Object.entries(edits)) {
    const path = join(folder, file);
    const document = parseDocument(await readFile(path, 'utf8'));
    edit(document);
    await writeFile(path, document.toString());
  }
  return folder;
}

/** The embedded backend keeps its place in the law and is served by a loopback upstream instead of the model process. */
export function servedBy(upstreamUrl: string): CharterEdits {
  return {
    'backends.yaml': (document) => {
      document.setIn([0, 'dialect'], 'openai');
      document.setIn([0, 'url'], upstreamUrl);
      document.setIn([0, 'allowPrivateAddress'], true);
      document.setIn([0, 'concurrent'], 512);
    },
    'tenants.yaml': raiseLimits,
  };
}

/** The same, where a body may stall for no longer than a test waits. */
export function servedImpatiently(upstreamUrl: string): CharterEdits {
  return {
    ...servedBy(upstreamUrl),
    'charter.yaml': (document) => document.setIn(['bounds', 'bodyStallMs'], 1_000),
  };
}

/** The example's limits are a person's; a test or bench asks faster. They stay in force, only higher. */
function raiseLimits(document: Document): void {
  const tenants = document.contents as unknown as { items: unknown[] };
  for (const index of tenants.items.keys()) {
    document.setIn(
      [index, 'limits'],
      document.createNode({
        requestsPerMinute: 10_000_000,
        tokensPerMinute: 1_000_000_000_000,
        moneyPerMonth: 1_000_000,
        concurrent: 10_000,
      }),
    );
  }
}
