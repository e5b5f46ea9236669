import { findNearest } from './find-nearest.ts';
import type { RawCharter } from './raw-charter.ts';

/** SHA-256 by name of each released set of red lines; null: not known here. */
export type RedLineDigests = ReadonlyMap<string, string> | null;

/** A charter is bound by released sets, as they were released; `universal` by all, `eu` by members of the Union. */
export function checkRedLines(raw: RawCharter, released: ReadonlyMap<string, string>): void {
  const file = 'charter.yaml';
  if (!raw.has(file)) return;
  const named: string[] = [];
  for (const index of raw.list(file, ['redLines']).keys()) {
    const set = raw.text(file, ['redLines', index, 'set']);
    const sha256 = raw.text(file, ['redLines', index, 'sha256']);
    if (set === undefined) continue;
    if (named.includes(set))
      raw.report(file, ['redLines', index, 'set'], { found: `\`${set}\` a second time`, expected: 'each set once' });
    named.push(set);
    const right = released.get(set);
    if (right === undefined) {
      const expected = `one of the released sets: ${[...released.keys()].join(', ')}`;
      raw.report(file, ['redLines', index, 'set'], {
        found: `\`${set}\``,
        expected,
        nearest: findNearest(set, released.keys()),
      });
    } else if (sha256 !== undefined && sha256 !== right) {
      raw.report(file, ['redLines', index, 'sha256'], {
        found: `\`${sha256}\``,
        expected: `\`${right}\`, the digest of the released set \`${set}\``,
      });
    }
  }
  const demanded = raw.list(file, ['blocs']).includes('EU') ? ['universal', 'eu'] : ['universal'];
  for (const set of demanded.filter((name) => !named.includes(name))) {
    raw.report(file, ['redLines'], {
      found: `no set \`${set}\``,
      expected: `\`${set}\` with its digest \`${released.get(set)}\``,
    });
  }
}
