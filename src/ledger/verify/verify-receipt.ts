import { concat, equalBytes, fromBase64, fromUtf8, toHex, utf8 } from '../../kit/browser.ts';
import type { ReceiptKeyDescription, ReceiptView } from '../ports.ts';
import { parseTlogProof } from '../tlog-proof.ts';
import { checkReceiptShape, readStatement, type StatementShape } from './check-shape.ts';
import { hashLeaf, isUnsupported, type Sha256, verifyEd25519, webSha256 } from './crypto.ts';
import { openCheckpoint, type SignedHead, type TrustedLog } from './verify-note.ts';
import { holdsInclusion } from './verify-proof.ts';

export interface Trust {
  readonly receiptKeys: readonly Pick<ReceiptKeyDescription, 'id' | 'publicKey' | 'validFrom' | 'validTo'>[];
  readonly logs: readonly TrustedLog[];
}

export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** Does not hold yet, but nothing is wrong. */
  readonly waits?: true;
  readonly detail: string;
  /** Where the caller gave a clock. */
  readonly tookMs?: number;
}

export interface ReceiptVerdict {
  /** `promised`: signed, but not yet proven to be in a tree head that the log's policy accepts. */
  readonly verdict: 'proven' | 'promised' | 'fails';
  readonly checks: readonly Check[];
}

export interface VerifyOptions {
  /** Bytes that the holder has, by subject name such as `answer/text/0`. */
  readonly said?: Readonly<Record<string, Uint8Array>>;
  readonly sha256?: Sha256;
  /** A clock in milliseconds, for those who want to know what each check took. */
  readonly nowMs?: () => number;
}

const LEAF_DOMAIN = utf8('polity-decision-v1\n');
const COMMIT_DOMAIN = utf8('polity-commit-v1\n');
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** What is sound, but not whole yet: the receipt stays a promise. */
class Waiting extends Error {}

/** Checks a receipt with public keys alone; nothing is asked of anybody. The first check that fails ends it. */
export async function verifyReceipt(
  view: ReceiptView,
  trust: Trust,
  options: VerifyOptions = {},
): Promise<ReceiptVerdict> {
  const run = new ReceiptRun(view, trust, options);
  return await run.verdict();
}

class ReceiptRun {
  readonly #view: ReceiptView;
  readonly #trust: Trust;
  readonly #options: VerifyOptions;
  readonly #sha256: Sha256;
  readonly #checks: Check[] = [];
  #head: SignedHead | null = null;

  constructor(view: ReceiptView, trust: Trust, options: VerifyOptions) {
    this.#view = view;
    this.#trust = trust;
    this.#options = options;
    this.#sha256 = options.sha256 ?? webSha256;
  }

  async verdict(): Promise<ReceiptVerdict> {
    const steps: readonly [string, () => Promise<string> | string][] = [
      ['statement', () => this.#checkStatement()],
      ['leaf', () => this.#checkLeaf()],
      ['signature', () => this.#checkSignature()],
      ['content', () => this.#checkSaid()],
      ['log', () => this.#checkProof()],
      ['witnesses', () => this.#checkQuorum()],
    ];
    for (const [name, step] of steps) {
      const took = this.#stopwatch();
      try {
        const detail = await step();
        this.#checks.push({ name, holds: true, detail, ...took() });
      } catch (cause) {
        if (isUnsupported(cause)) throw cause;
        const detail = (cause as Error).message;
        const waits = cause instanceof Waiting;
        this.#checks.push({ name, holds: false, ...(waits ? { waits } : {}), detail, ...took() });
        return { verdict: waits ? 'promised' : 'fails', checks: this.#checks };
      }
    }
    return { verdict: 'proven', checks: this.#checks };
  }

  #stopwatch(): () => Pick<Check, 'tookMs'> {
    const { nowMs } = this.#options;
    if (nowMs === undefined) return () => ({});
    const startedMs = nowMs();
    return () => ({ tookMs: nowMs() - startedMs });
  }

  #payload(): Uint8Array {
    const { statement } = this.#view;
    if (statement === null) throw new Error('the answer is still being made: there is no statement yet');
    return fromBase64(statement.payload);
  }

  #statement(): StatementShape {
    return readStatement(fromUtf8(this.#payload()));
  }

  #checkStatement(): string {
    checkReceiptShape(this.#view);
    const { predicate } = this.#statement();
    if (this.#view.statement?.payloadType !== PAYLOAD_TYPE) throw new Error('the payload is of another type');
    if (predicate.id !== this.#view.id) throw new Error('the statement is about another receipt');
    return 'the statement is about this receipt';
  }

  /** Without this binding a receipt could show somebody else's entry. */
  async #checkLeaf(): Promise<string> {
    const { leaf, salt } = this.#view;
    const saltBytes = fromBase64(salt ?? '');
    if (saltBytes.length !== 32) throw new Error('the salt has not 32 bytes');
    const inner = await this.#sha256(this.#payload());
    const expected = concat(LEAF_DOMAIN, await this.#sha256(concat(LEAF_DOMAIN, saltBytes, inner)));
    if (!equalBytes(expected, fromBase64(leaf ?? ''))) throw new Error('the entry does not belong to the statement');
    return 'the entry belongs to the statement';
  }

  async #checkSignature(): Promise<string> {
    const { statement } = this.#view;
    const type = utf8(statement?.payloadType ?? '');
    const payload = this.#payload();
    const message = concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
    const { endedAt } = this.#statement().predicate;
    for (const { keyid, sig } of statement?.signatures ?? []) {
      const key = this.#trust.receiptKeys.find(({ id }) => id === keyid);
      if (key === undefined) continue;
      // A decision may end before the first key was announced by the same process; it is signed after that.
      if (key.validTo !== null && endedAt > key.validTo)
        throw new Error(`the key ${keyid} was no longer valid when the answer ended`);
      if (await verifyEd25519(fromBase64(key.publicKey), message, fromBase64(sig)))
        return `signed by the receipt key ${keyid}`;
      throw new Error(`the signature of the key ${keyid} fails`);
    }
    throw new Error('no announced receipt key has signed the statement');
  }

  async #checkSaid(): Promise<string> {
    const { subject, predicate } = this.#statement();
    const said = Object.entries(this.#options.said ?? {});
    for (const [name, bytes] of said) {
      const expected = subject.find((one) => one.name === name)?.digest.polityCommitV1;
      if (expected === undefined) throw new Error(`the statement commits to no \`${name}\``);
      const salt = fromBase64(predicate.salts[name] ?? '');
      if (salt.length !== 32) throw new Error(`the salt of \`${name}\` has not 32 bytes`);
      const commitment = await this.#sha256(concat(COMMIT_DOMAIN, salt, await this.#sha256(bytes)));
      if (toHex(commitment) !== expected) throw new Error(`\`${name}\` is not what the statement commits to`);
    }
    return said.length === 0
      ? 'no content was given to compare'
      : `${said.map(([name]) => name).join(', ')}: as committed`;
  }

  async #checkProof(): Promise<string> {
    const { proof, log, index, leaf } = this.#view;
    if (proof === null) throw new Waiting('there is no proof yet');
    const trusted = this.#trust.logs.find(({ name }) => name === log);
    if (trusted === undefined) throw new Error(`the log \`${log}\` is not among those that are trusted`);
    const parsed = parseTlogProof(proof);
    if (String(parsed.index) !== index) throw new Error('the proof is about another entry');
    const head = await openCheckpoint(parsed.checkpoint, trusted, this.#sha256);
    const leafHash = await hashLeaf(fromBase64(leaf ?? ''), this.#sha256);
    const claim = { leafHash, index: parsed.index, size: head.size, root: head.root, path: parsed.hashes };
    if (!(await holdsInclusion(claim, this.#sha256)))
      throw new Error('the proof does not lead from the entry to the tree head');
    this.#head = head;
    return `entry ${parsed.index} of ${head.size} in ${trusted.origin}`;
  }

  #checkQuorum(): string {
    const { witnesses = [], hasQuorum } = this.#head ?? {};
    const seen = witnesses.length === 0 ? 'no witness' : witnesses.join(', ');
    if (!hasQuorum) throw new Waiting(`seen by ${seen}, fewer than the policy of the log demands`);
    return `seen by ${seen}, as the policy of the log demands`;
  }
}
