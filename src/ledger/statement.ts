/** The in-toto statement about one decision: what the ledger process signs. docs/spec/receipt.md */
import { formatTime, type Ids, type JsonFragments, sha256, utf8 } from '../kit/index.ts';
import { commitTo, decisionLeaf } from './leaf.ts';
import { renderStatement } from './render-statement.ts';
import type { Ending, PredicateDraft } from './schema.ts';

/** Bytes that a statement commits to, each under its own salt: a subject name and the SHA-256 of the bytes. */
export interface Said {
  readonly name: string;
  readonly digest: Uint8Array;
}

export interface SealedDecision {
  readonly payload: Uint8Array;
  readonly salt: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Adds commitments to a draft. The draft is not changed. */
export function commitSaid(draft: PredicateDraft, said: readonly Said[], ids: Ids): PredicateDraft {
  const salts = { ...draft.salts };
  const commitments = { ...draft.commitments };
  for (const { name, digest } of said) {
    const salt = ids.salt();
    salts[name] = Buffer.from(salt.buffer, salt.byteOffset, salt.length).toString('base64');
    commitments[name] = commitTo(digest, salt);
  }
  return { ...draft, salts, commitments };
}

export interface SealParts {
  readonly ids: Ids;
  /** Canonical text of the draft's parts that come again and again. */
  readonly fragments?: JsonFragments;
}

/** Payload, salt and leaf of a decision that has ended. */
export function sealDecision(draft: PredicateDraft, ending: Ending, { ids, fragments }: SealParts): SealedDecision {
  const payload = utf8(renderStatement(draft, ending, fragments));
  const salt = ids.salt();
  return { payload, salt, leaf: decisionLeaf(salt, payload) };
}

/** How the ledger closes an intent whose process is gone: unfinished, at the price that was reserved. */
export function sealUnfinished(draft: PredicateDraft, wallMs: number, ids: Ids): SealedDecision {
  const { tokens, moneyMicros, currency } = draft.reserved;
  const ending: Ending = {
    ended: 'unfinished',
    reason: 'lease-expired',
    endedAt: formatTime(wallMs),
    usage: { promptTokens: tokens, completionTokens: 0, source: 'reserved' },
    spent: { moneyMicros, currency },
  };
  return sealDecision(draft, ending, { ids });
}

/** Text of one choice as a subject: its UTF-8. */
export function textSubject(choice: number, text: string): Said {
  return { name: `answer/text/${choice}`, digest: sha256(text) };
}
