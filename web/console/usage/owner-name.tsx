import type { LocalText } from '../../../src/api/schema.ts';
import { useLocalText, useMessages } from '../../shared/i18n/language.tsx';

/** Names of what budgets and usage call by ids. */
export interface Names {
  readonly tenants: ReadonlyMap<string, LocalText>;
  readonly keys: ReadonlyMap<string, string>;
}

const kinds = ['country', 'tenant', 'project', 'purpose', 'model', 'key'] as const;

/** `tenant:school` as words: what it is, its name where it has one, and its id. */
export function OwnerName({ owner, names }: { readonly owner: string; readonly names: Names }) {
  const { t } = useMessages('usage');
  const local = useLocalText();
  const [kind = '', id = owner] = splitOnce(owner);
  const known = kinds.find((one) => one === kind);
  const text = names.tenants.get(id);
  const name = kind === 'key' ? names.keys.get(id) : kind === 'tenant' && text !== undefined ? local(text) : undefined;
  return (
    <span className="name-cell">
      <b className="label" dir="auto">
        {name ?? id}
      </b>
      <br />
      <span className="quiet">
        {known === undefined ? kind : t(known)} {name === undefined ? null : <code>{id}</code>}
      </span>
    </span>
  );
}

function splitOnce(text: string): [string, string] {
  const colon = text.indexOf(':');
  return [text.slice(0, colon), text.slice(colon + 1)];
}
