import type { ReceiptView } from '../ports.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a receipt file must look like before anything in it is believed. @throws Error that names the member */
export function checkReceiptShape(view: unknown): asserts view is ReceiptView {
  const receipt = fields(view, 'the receipt');
  if (typeof receipt.id !== 'string') throw new Error('the receipt has no `id`');
  for (const name of ['log', 'index', 'leaf', 'salt', 'proof']) {
    if (receipt[name] !== null && typeof receipt[name] !== 'string') throw new Error(`the receipt has no \`${name}\``);
  }
  if (receipt.statement === null) return;
  const statement = fields(receipt.statement, '`statement`');
  if (typeof statement.payload !== 'string' || typeof statement.payloadType !== 'string')
    throw new Error('`statement` is no DSSE envelope');
  for (const signature of list(statement.signatures, '`signatures`')) {
    const { keyid, sig } = fields(signature, 'a signature');
    if (typeof keyid !== 'string' || typeof sig !== 'string') throw new Error('a signature has no `keyid` or no `sig`');
  }
}

export interface Subject {
  readonly name: string;
  readonly digest: { readonly polityCommitV1: string };
}

/** The members of a statement that a verifier reads. */
export interface StatementShape {
  readonly subject: readonly Subject[];
  readonly predicate: {
    readonly id: string;
    readonly endedAt: string;
    readonly salts: Readonly<Record<string, string>>;
  };
}

/** @throws Error that names the member */
export function readStatement(text: string): StatementShape {
  const statement = fields(JSON.parse(text), 'the statement');
  if (statement._type !== 'https://in-toto.io/Statement/v1') throw new Error('the payload is no in-toto statement');
  if (statement.predicateType !== 'urn:polity:answer:v1')
    throw new Error(`the statement is of another kind: ${String(statement.predicateType)}`);
  for (const one of list(statement.subject, '`subject`')) {
    const { name, digest } = fields(one, 'a subject');
    if (typeof name !== 'string' || typeof fields(digest, '`digest`').polityCommitV1 !== 'string')
      throw new Error('a subject has no name or no commitment');
  }
  const { id, endedAt, salts } = fields(statement.predicate, '`predicate`');
  if (typeof id !== 'string' || typeof endedAt !== 'string') throw new Error('`predicate` has no `id` or no `endedAt`');
  fields(salts, '`salts`');
  return statement as unknown as StatementShape;
}

function fields(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is no object`);
  return value as Fields;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is no list`);
  return value;
}
