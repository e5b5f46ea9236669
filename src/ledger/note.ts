/** Signed notes (C2SP signed-note) as text: parsing is strict, hashing and signatures are the caller's. No Node import. */
import { concat, fromBase64, fromHex, toBase64, toHex, utf8 } from '../kit/browser.ts';

/** Signature types that we make or read. */
export const ED25519 = 0x01;
export const COSIGNATURE_ED25519 = 0x04;
/** Timestamped ML-DSA-44: its keys may stand in a list, its signatures are passed over. */
export const COSIGNATURE_ML_DSA = 0x06;

export interface NoteSignature {
  readonly name: string;
  /** 4 bytes, hexadecimal. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface Note {
  /** What is signed, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface VerifierKey {
  readonly name: string;
  readonly keyId: string;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

/** Characters: sixteen signatures of 5 kB, the most that signed-note warns of, and a text. */
const MAX_NOTE = 150_000;
const MAX_SIGNATURES = 64;

/** @throws Error that says what is wrong */
export function parseNote(note: string): Note {
  if (note.length > MAX_NOTE) throw new Error('the note is too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what the specification forbids
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw new Error('the note has control characters');
  if (!note.isWellFormed()) throw new Error('the note is no UTF-8');
  // The last blank line separates: the text itself may contain blank lines.
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('the note has no signatures');
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new Error('the note has too many signatures');
  if (new Set(lines).size < lines.length) throw new Error('a signature stands there twice');
  return { text: note.slice(0, split + 1), signatures: lines.map(parseSignatureLine) };
}

function parseSignatureLine(line: string): NoteSignature {
  const match = /^\u2014 ([^ +]+) ([A-Za-z0-9+/]+=*)$/.exec(line);
  if (match === null || /\s/.test(match[1] as string)) throw new Error(`not a signature line: ${line.slice(0, 60)}`);
  const bytes = fromBase64(match[2] as string);
  if (bytes.length < 5) throw new Error('a signature is too short');
  return { name: match[1] as string, keyId: toHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}

export function formatSignatureLine({ name, keyId, signature }: NoteSignature): string {
  return `\u2014 ${name} ${toBase64(concat(fromHex(keyId), signature))}\n`;
}

/** The bytes whose SHA-256 begins with the key id. */
export function keyIdInput(name: string, type: number, publicKey: Uint8Array): Uint8Array {
  return concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey);
}

export function formatVerifierKey({ name, keyId, type, publicKey }: VerifierKey): string {
  return `${name}+${keyId}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Raw bytes of public keys, for the types whose length we know. */
const KEY_BYTES: ReadonlyMap<number, number> = new Map([
  [ED25519, 32],
  [COSIGNATURE_ED25519, 32],
  [COSIGNATURE_ML_DSA, 1312],
]);

/** The key id is not checked here, because that needs a hash. @throws Error */
export function parseVerifierKey(text: string): VerifierKey {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text);
  if (match === null) throw new Error(`not a verifier key: ${text.slice(0, 60)}`);
  const bytes = fromBase64(match[3] as string);
  const type = bytes[0] as number;
  if (bytes.length - 1 !== (KEY_BYTES.get(type) ?? bytes.length - 1))
    throw new Error(`the verifier key of \`${match[1]}\` has not the length of its type`);
  return { name: match[1] as string, keyId: match[2] as string, type, publicKey: bytes.slice(1) };
}
