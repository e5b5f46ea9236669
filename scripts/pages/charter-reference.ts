import { z } from 'zod';
import { charterFiles } from '../../src/charter/schema.ts';
import { isWrapper } from '../../src/charter/walk-schema.ts';
import { builtinClauses } from '../../src/policy/builtin-clauses.ts';
import { backendAttributes, contextFacts, type Fact, tenantFacts } from '../../src/policy/cedar-facts.ts';
import { charterGuide } from './charter-guide.ts';

interface Row {
  readonly key: string;
  readonly type: string;
  readonly need: string;
  readonly says: string;
}

/** The text of docs/spec/charter.md: the guide, and tables made from the schemas that check a charter. */
export function charterReferencePage(): string {
  const files = Object.entries(charterFiles).map(([name, schema]) => fileSection(name, schema));
  return charterGuide({
    files: files.join('\n\n'),
    tenant: factTable('principal', tenantFacts),
    backend: factTable('resource', backendAttributes),
    context: factTable('context', [
      ...contextFacts,
      {
        name: 'upTo.<level>',
        type: 'Bool',
        says: 'the request is of this level or a lower one, such as `context.upTo.internal`',
      },
    ]),
    clauses: Object.entries(builtinClauses)
      .map(([id, { en }]) => `| \`${id}\` | ${en} |`)
      .join('\n'),
  });
}

function fileSection(name: string, schema: z.ZodType): string {
  const inner = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : schema;
  const head = schema instanceof z.ZodArray ? 'A list; each item has these keys.' : 'One map with these keys.';
  const lines = rowsOf(inner, '').map(({ key, type, need, says }) => `| \`${key}\` | ${type} | ${need} | ${says} |`);
  return [`### ${name}`, head, ['| Key | Value | Needed | Meaning |', '|---|---|---|---|', ...lines].join('\n')].join(
    '\n\n',
  );
}

function rowsOf(schema: z.ZodType, prefix: string): Row[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([key, field]) => {
    const { inner, need, says } = peel(field);
    const path = `${prefix}${key}`;
    const row = { key: path, type: typeName(inner), need, says };
    return [row, ...nested(inner, path)];
  });
}

function nested(schema: z.ZodType, path: string): Row[] {
  if (schema instanceof z.ZodObject) return rowsOf(schema, `${path}.`);
  if (!(schema instanceof z.ZodArray)) return [];
  const element = schema.element as z.ZodType;
  if (element instanceof z.ZodObject) return rowsOf(element, `${path}[].`);
  if (!(element instanceof z.ZodDiscriminatedUnion)) return [];
  return element.options.flatMap((option) => {
    const { kind, ...rest } = (option as z.ZodObject).shape as Record<string, z.ZodType>;
    const value = kind instanceof z.ZodLiteral ? [...kind.values].join() : '';
    return rowsOf(z.object(rest), `${path}[${value}].`);
  });
}

function peel(field: z.ZodType): { inner: z.ZodType; need: string; says: string } {
  let inner = field;
  let need = 'yes';
  let says = field.description ?? '';
  let nullable = false;
  while (isWrapper(inner)) {
    if (inner instanceof z.ZodOptional) need = 'no';
    if (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault)
      need = `no: \`${JSON.stringify(inner.def.defaultValue)}\``;
    if (inner instanceof z.ZodNullable) nullable = true;
    inner = inner.unwrap() as z.ZodType;
    says ||= inner.description ?? '';
  }
  return { inner, need: nullable && !need.includes('null') ? `${need}, or \`null\`` : need, says };
}

function typeName(schema: z.ZodType): string {
  if (schema instanceof z.ZodEnum) return schema.options.map((option) => `\`${option}\``).join(', ');
  if (schema instanceof z.ZodLiteral) return [...schema.values].map((value) => `\`${value}\``).join(', ');
  if (schema instanceof z.ZodArray) return listName(typeName(schema.element as z.ZodType));
  if (schema instanceof z.ZodTuple) return 'two numbers';
  if (schema instanceof z.ZodRecord) {
    return schema.valueType instanceof z.ZodArray ? 'map from bloc to list of codes' : 'text by language';
  }
  if (schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion) return 'map';
  if (schema instanceof z.ZodBoolean) return '`true` or `false`';
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'whole number' : 'number';
  return patternOf(schema) ?? 'text';
}

/** The message of a text's pattern is how the schema says what the text looks like. */
function patternOf(schema: z.ZodType): string | null {
  const failed = schema.safeParse('\u0000');
  const message = failed.success ? undefined : failed.error.issues[0]?.message;
  if (message === undefined || /^(Invalid|Too)/.test(message)) return null;
  return message.startsWith('lower-case letters, digits') ? 'id' : message.replaceAll('|', '\\|');
}

function listName(type: string): string {
  const plural = { map: 'maps', id: 'ids', text: 'texts' }[type];
  return plural === undefined ? `list, each ${type.startsWith('`') ? `one of ${type}` : type}` : `list of ${plural}`;
}

function factTable(root: string, facts: readonly Fact[]): string {
  const lines = facts.map(({ name, type, says }) => `| \`${root}.${name}\` | \`${type}\` | ${says} |`);
  return ['| Fact | Type | Meaning |', '|---|---|---|', ...lines].join('\n');
}
