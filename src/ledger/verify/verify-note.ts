import { utf8 } from '../../kit/browser.ts';
import { parseTreeHead, type TreeHead } from '../checkpoint.ts';
import {
  COSIGNATURE_ED25519,
  ED25519,
  type Note,
  type NoteSignature,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
} from '../note.ts';
import { hasQuorum, parsePolicy } from '../policy-text.ts';
import { hasOwnId, type Sha256, verifyEd25519 } from './crypto.ts';

/** tlog-cosignature: POSIX seconds do not exceed this. */
const MAX_TIME = 2n ** 63n - 1n;

/** A log as `/.well-known/polity` describes it: what a verifier trusts to begin with. */
export interface TrustedLog {
  readonly name: string;
  readonly origin: string;
  readonly vkeys: readonly string[];
  readonly policy: string;
}

export interface SignedHead extends TreeHead {
  /** Names of the witnesses whose cosignatures hold. */
  readonly witnesses: readonly string[];
  /** Whether these are as many as the log's policy demands. */
  readonly hasQuorum: boolean;
}

/**
 * Opens a checkpoint: a signature of the log must hold, and none that a known key claims may fail. Whether witnesses are
 * enough is told, not demanded. @throws Error
 */
export async function openCheckpoint(checkpoint: string, log: TrustedLog, sha256: Sha256): Promise<SignedHead> {
  const note = parseNote(checkpoint);
  const head = parseTreeHead(note.text);
  if (head.origin !== log.origin) throw new Error(`the checkpoint is of \`${head.origin}\`, not of \`${log.origin}\``);
  let holds = 0;
  for (const vkey of log.vkeys) {
    const key = parseVerifierKey(vkey);
    if (key.type === ED25519 && (await holdsSignature(note, key, sha256))) holds++;
  }
  if (holds === 0) throw new Error('no signature of the log holds');
  const policy = parsePolicy(log.policy);
  const witnesses: string[] = [];
  for (const [name, key] of policy.witnesses) {
    if (key.type === COSIGNATURE_ED25519 && (await holdsSignature(note, key, sha256))) witnesses.push(name);
  }
  return { ...head, witnesses, hasQuorum: hasQuorum(policy, new Set(witnesses)) };
}

/** False when the key has not signed; throws when its signature fails: such a note is worth nothing. */
async function holdsSignature(note: Note, key: VerifierKey, sha256: Sha256): Promise<boolean> {
  if (!(await hasOwnId(key, sha256))) throw new Error(`the id of the key of \`${key.name}\` is not its own`);
  const lines = note.signatures.filter((line) => line.name === key.name && line.keyId === key.keyId);
  for (const line of lines) {
    if (!(await verifyLine(note, key, line))) throw new Error(`the signature of \`${key.name}\` fails`);
  }
  return lines.length > 0;
}

async function verifyLine(note: Note, key: VerifierKey, { signature }: NoteSignature): Promise<boolean> {
  if (key.type === ED25519) return await verifyEd25519(key.publicKey, utf8(note.text), signature);
  if (signature.length !== 72) return false;
  // tlog-cosignature: eight bytes of time, then the signature over time and text.
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  if (time > MAX_TIME) return false;
  return await verifyEd25519(key.publicKey, utf8(`cosignature/v1\ntime ${time}\n${note.text}`), signature.slice(8));
}
