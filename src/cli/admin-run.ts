import { formatTime } from '../kit/index.ts';
import type { Output } from './charter-output.ts';
import { WrongUsage } from './command.ts';
import type { AskControl } from './keys-run.ts';

export interface AdminArguments {
  /** What follows `admin`. */
  readonly words: readonly string[];
  readonly options: { readonly role?: string | undefined; readonly json?: boolean | undefined };
  readonly ask: AskControl;
}

/** Makes a link that signs one browser in, once, within 15 minutes. */
export async function runAdmin({ words, options, ask }: AdminArguments, output: Output): Promise<number> {
  if (words.length !== 1 || words[0] !== 'link') throw new WrongUsage('say `admin link`');
  const body = options.role === undefined ? {} : { role: options.role };
  const link = (await ask('admin/link', body)) as { url: string; expiresAtMs: number };
  if (options.json === true) output.out(JSON.stringify(link));
  else {
    output.err(`Works once, until ${formatTime(link.expiresAtMs)}:`);
    output.out(link.url);
  }
  return 0;
}
