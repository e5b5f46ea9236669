import { MessageFormat, type MessagePart } from 'messageformat';
import { Fragment, type ReactNode } from 'react';
import type { Language } from './languages.ts';

export type Values = Readonly<Record<string, unknown>>;
/** What `{#name}…{/name}` of a message becomes. */
export type Tags = Readonly<Record<string, (inner: ReactNode) => ReactNode>>;

/** Messages of one feature in one language, compiled when first used. */
export class Formatter {
  readonly #language: Language;
  readonly #catalog: Readonly<Record<string, string>>;
  readonly #compiled = new Map<string, MessageFormat>();

  constructor(language: Language, catalog: Readonly<Record<string, string>>) {
    this.#language = language;
    this.#catalog = catalog;
  }

  text(key: string, values: Values = {}): string {
    return this.#message(key).format(values);
  }

  rich(key: string, values: Values, tags: Tags): ReactNode {
    return nest(this.#message(key).formatToParts(values), tags);
  }

  #message(key: string): MessageFormat {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const source = this.#catalog[key];
    if (source === undefined) throw new Error(`there is no message ${key}`);
    // Isolation keeps names of the other direction in their place; where all is left to right it would only be noise.
    const message = new MessageFormat(this.#language, source, {
      bidiIsolation: this.#language === 'ar' ? 'default' : 'none',
    });
    this.#compiled.set(key, message);
    return message;
  }
}

function nest(parts: readonly MessagePart<string>[], tags: Tags): ReactNode {
  const stack: { name: string; children: ReactNode[] }[] = [{ name: '', children: [] }];
  for (const part of parts) {
    const top = stack.at(-1);
    if (part.type === 'markup') {
      const { kind, name } = part as unknown as { kind: string; name: string };
      if (kind === 'open') stack.push({ name, children: [] });
      if (kind === 'close' && stack.length > 1) {
        const { children } = stack.pop() ?? { children: [] };
        const inner = keyed(children);
        stack.at(-1)?.children.push(tags[name]?.(inner) ?? inner);
      }
      continue;
    }
    top?.children.push(textOf(part));
  }
  return keyed(stack[0]?.children ?? []);
}

function textOf(part: MessagePart<string>): string {
  if ('parts' in part && Array.isArray(part.parts)) return part.parts.map(({ value }) => String(value)).join('');
  return 'value' in part ? String(part.value) : '';
}

function keyed(children: readonly ReactNode[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence never change their order
  return children.map((child, position) => <Fragment key={position}>{child}</Fragment>);
}
