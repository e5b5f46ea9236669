import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { equalBytes, Problem } from '../kit/index.ts';
import { pathOf, placesOf, readCheckpointHead } from '../ledger/index.ts';
import type { LogDescription } from '../ledger/ports.ts';
import type { Output } from './charter-output.ts';
import { WrongUsage } from './command.ts';
import { chooseLogs, httpSource, readDescription } from './log-source.ts';

export interface LogArguments {
  readonly words: readonly string[];
  readonly url: string;
  readonly json: boolean;
}

/** `log list` and `log export <name> <folder>`. Exit code 0; whatever cannot be done is thrown as a Problem. @throws WrongUsage */
export async function runLog({ words, url, json }: LogArguments, output: Output): Promise<number> {
  const [verb, name, folder] = words;
  const isList = verb === 'list' && words.length === 1;
  if (!isList && (verb !== 'export' || name === undefined || folder === undefined))
    throw new WrongUsage('say `log list` or `log export <name> <folder>`');
  const description = await readDescription(url);
  if (name === undefined || folder === undefined) {
    if (json) output.out(JSON.stringify(description.logs));
    else for (const log of description.logs) output.out(`${log.name}  ${log.state}  ${log.origin}`);
    return 0;
  }
  const [log, another] = chooseLogs(description, name);
  if (log === undefined || another !== undefined)
    throw new Problem('invalid-request', `\`${name}\` is more than one log; name one of \`log list\``);
  const { size, written } = await exportLog({ url, log, folder });
  output.out(
    json
      ? JSON.stringify({ log: log.name, folder, size, written })
      : `${log.name}: ${size} entries in ${folder}, ${written} files written`,
  );
  return 0;
}

interface Export {
  readonly url: string;
  readonly log: LogDescription;
  readonly folder: string;
}

/** One checkpoint and exactly its tiles. Goes on where an earlier export stopped: what is there and the same is kept. */
async function exportLog({ url, log, folder }: Export): Promise<{ size: number; written: number }> {
  const vkeys = `${log.vkeys.join('\n')}\n`;
  refuseOther(folder, vkeys);
  const source = httpSource(url, log.prefix);
  const need = async (path: string) => {
    const bytes = await source.read(path);
    if (bytes === null)
      throw new Problem(
        'not-found',
        `${log.name} has no ${path}; verify it with \`./polity verify --log ${log.name}\``,
      );
    return bytes;
  };
  const checkpoint = await need('checkpoint');
  const { size } = readCheckpointHead(Buffer.from(checkpoint).toString('utf8'));
  const write = (path: string, bytes: Uint8Array | string) => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  };
  write('vkeys', vkeys);
  write('policy', log.policy);
  let written = 3;
  for (const path of placesOf(size).map(pathOf)) {
    if (existsSync(join(folder, path))) continue;
    write(path, await need(path));
    written++;
  }
  // Last: a folder with a checkpoint has everything that it needs.
  write('checkpoint', checkpoint);
  return { size, written };
}

function refuseOther(folder: string, vkeys: string): void {
  const kept = join(folder, 'vkeys');
  if (existsSync(kept) && !equalBytes(new Uint8Array(readFileSync(kept)), new Uint8Array(Buffer.from(vkeys)))) {
    throw new Problem('invalid-request', `the folder \`${folder}\` holds another log; name an empty one`);
  }
}
