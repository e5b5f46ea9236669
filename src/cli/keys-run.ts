import type { CreatedKey } from '../identity/index.ts';
import type { KeyRecord } from '../identity/ports.ts';
import type { Output } from './charter-output.ts';
import { WrongUsage } from './command.ts';
import { formatKeys } from './keys-print.ts';
import { type KeyOptions, readKeyWish } from './keys-wish.ts';

/** `POST /<name>` of the control socket; rejects with the Problem that the instance answers. */
export type AskControl = (name: string, body: unknown) => Promise<unknown>;

export interface KeysArguments {
  /** What follows `keys`: the verb, and for `revoke` the id. */
  readonly words: readonly string[];
  readonly options: KeyOptions & { readonly json?: boolean | undefined };
  readonly ask: AskControl;
  readonly nowMs: number;
}

/** Exit code 0; whatever cannot be done is thrown as a Problem. @throws WrongUsage */
export async function runKeys(args: KeysArguments, output: Output): Promise<number> {
  const [verb, ...rest] = args.words;
  if (verb === 'create' && rest.length === 0) await create(args, output);
  else if (verb === 'list' && rest.length === 0) await list(args, output);
  else if (verb === 'revoke' && rest.length === 1) await revoke(args, output);
  else if (verb === 'revoke' && rest.length === 0)
    throw new WrongUsage('name the key, such as `./polity keys revoke key_0123456789ab`; `keys list` shows them');
  else throw new WrongUsage('say `keys create`, `keys list` or `keys revoke <id>`');
  return 0;
}

async function create({ options, ask, nowMs }: KeysArguments, output: Output): Promise<void> {
  const { key, secret } = (await ask('keys/create', readKeyWish(options, nowMs))) as CreatedKey;
  if (options.json === true) {
    output.out(JSON.stringify({ ...key, secret }));
    return;
  }
  // The secret alone on standard output: `export POLITY_API_KEY=$(./polity keys create …)` works.
  output.err(`${key.id} for ${key.tenant}, ${key.purposes.join(', ')}. Keep the key: it is shown only now.`);
  output.out(secret);
}

async function list({ options, ask, nowMs }: KeysArguments, output: Output): Promise<void> {
  const { tenant, json } = options;
  const { keys } = (await ask('keys/list', tenant === undefined ? {} : { tenant })) as { keys: KeyRecord[] };
  const lines = json === true ? [JSON.stringify(keys)] : formatKeys(keys, nowMs);
  for (const line of lines) output.out(line);
}

async function revoke({ words, options, ask }: KeysArguments, output: Output): Promise<void> {
  const key = (await ask('keys/revoke', { id: words[1] })) as KeyRecord;
  output.out(
    options.json === true ? JSON.stringify(key) : `${key.id} is revoked; every gateway drops it within a second`,
  );
}
