/**
 * The journal: what gateways hand to the ledger process, many records in one row. Both are one version of Polity, but what
 * was written is read after an update too. A batch is the version byte and records, each a tag and its fields, in order:
 *
 *   u8, u16, u32   unsigned, big-endian
 *   f64            IEEE 754, big-endian
 *   id             16 bytes
 *   text           u32 length, then UTF-8
 *   list of X      u16 count, then each X
 *
 *   1 circumstances   text; numbered from 0 within the batch
 *   2 intent          id, beginning, list of holdings
 *   3 outcome         id, u8 ended, u8 has reason, [text reason], f64 ended at, f64 prompt tokens, f64 completion tokens,
 *                     u8 source, f64 money, f64 energy, f64 CO2, list of said, list of spent holdings
 *   4 refusal         beginning, then as an outcome: a decision that never had an intent
 *   5 forgotten       id: an intent whose caller had left before it was durable; nothing was sent
 *   6 surrendered     id: an intent whose outcome could not be recorded in time
 *   7 older intent    id, text: JSON {draft, holdings, account} of an installation from before the journal
 *   8 older decision  id, text payload, 32 bytes salt, 51 bytes leaf, text account: likewise
 *
 *   beginning   u32 number of its circumstances, u32 attempt, u8 has previous, [id], list of said, f64 tokens, f64 money
 *   said        u8 length, UTF-8 name, 32 bytes SHA-256
 *   holding     text lease, f64 amount
 */
import type { Beginning, Holding, Intent, Outcome, Said } from './ports.ts';

export type JournalRecord =
  | { readonly kind: 'intent'; readonly intent: Intent }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'forgotten' | 'surrendered'; readonly receiptId: string }
  | { readonly kind: 'older-intent'; readonly receiptId: string; readonly text: Uint8Array }
  | { readonly kind: 'older-decision'; readonly decision: OlderDecision };

export interface OlderDecision {
  readonly receiptId: string;
  readonly payload: Uint8Array;
  readonly salt: Uint8Array;
  readonly leaf: Uint8Array;
  readonly account: Uint8Array;
}

export const VERSION = 1;
export const TAGS = {
  circumstances: 1,
  intent: 2,
  outcome: 3,
  refusal: 4,
  forgotten: 5,
  surrendered: 6,
  olderIntent: 7,
  olderDecision: 8,
} as const;
export const ENDED = ['complete', 'refused', 'failed', 'unfinished'] as const;
export const SOURCES = ['upstream', 'counted', 'reserved', 'none'] as const;

export const DIGEST_BYTES = 32;

const FIRST_BYTES = 4_096;

/** Packs one batch after another; each result is a buffer of its own. */
export class JournalPacker {
  #bytes = Buffer.alloc(0);
  #at = 0;
  #lastLength = FIRST_BYTES;
  readonly #numbers = new Map<Uint8Array, number>();

  pack(records: readonly JournalRecord[]): Buffer {
    this.#bytes = Buffer.allocUnsafe(this.#lastLength);
    this.#numbers.clear();
    this.#at = 0;
    this.#u8(VERSION);
    for (const record of records) this.#record(record);
    const packed = this.#bytes.subarray(0, this.#at);
    // Batches of one process are alike.
    this.#lastLength = Math.max(FIRST_BYTES, this.#at + (this.#at >> 1));
    this.#bytes = Buffer.alloc(0);
    return packed;
  }

  #record(record: JournalRecord): void {
    if (record.kind === 'intent') this.#intent(record.intent);
    else if (record.kind === 'outcome') this.#outcome(record.outcome);
    else if (record.kind === 'older-intent') {
      this.#u8(TAGS.olderIntent);
      this.#id(record.receiptId);
      this.#blob(record.text);
    } else if (record.kind === 'older-decision') this.#olderDecision(record.decision);
    else {
      this.#u8(TAGS[record.kind]);
      this.#id(record.receiptId);
    }
  }

  #intent(intent: Intent): void {
    const number = this.#circumstances(intent);
    this.#u8(TAGS.intent);
    this.#id(intent.receiptId);
    this.#beginning(intent, number);
    this.#holdings(intent.holdings);
  }

  #outcome(outcome: Outcome): void {
    const { beginning, reason, usage, footprint } = outcome;
    const number = beginning === null ? 0 : this.#circumstances(beginning);
    this.#u8(beginning === null ? TAGS.outcome : TAGS.refusal);
    if (beginning !== null) this.#beginning(beginning, number);
    this.#id(outcome.receiptId);
    this.#u8(ENDED.indexOf(outcome.ended));
    this.#u8(reason === null ? 0 : 1);
    if (reason !== null) this.#text(reason);
    this.#f64(outcome.endedAtMs);
    this.#f64(usage.promptTokens);
    this.#f64(usage.completionTokens);
    this.#u8(SOURCES.indexOf(usage.source));
    this.#f64(outcome.moneyMicros);
    this.#f64(footprint.energyMicroWh);
    this.#f64(footprint.co2MicroGrams);
    this.#said(outcome.said);
    this.#holdings(outcome.spent);
  }

  #olderDecision({ receiptId, payload, salt, leaf, account }: OlderDecision): void {
    this.#u8(TAGS.olderDecision);
    this.#id(receiptId);
    this.#blob(payload);
    this.#raw(salt);
    this.#raw(leaf);
    this.#blob(account);
  }

  /** Written once for all records of the batch that have them. */
  #circumstances({ circumstances }: Beginning): number {
    let number = this.#numbers.get(circumstances);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(circumstances, number);
      this.#u8(TAGS.circumstances);
      this.#blob(circumstances);
    }
    return number;
  }

  #beginning({ attempt, said, reserved }: Beginning, circumstances: number): void {
    this.#u32(circumstances);
    this.#u32(attempt.number);
    this.#u8(attempt.previous === null ? 0 : 1);
    if (attempt.previous !== null) this.#id(attempt.previous);
    this.#said(said);
    this.#f64(reserved.tokens);
    this.#f64(reserved.moneyMicros);
  }

  #said(said: readonly Said[]): void {
    this.#u16(said.length);
    for (const { name, digest } of said) {
      this.#room(1 + 3 * name.length);
      const length = this.#bytes.write(name, this.#at + 1);
      this.#at = this.#bytes.writeUInt8(length, this.#at) + length;
      this.#room(DIGEST_BYTES);
      if (digest.length !== 2 * DIGEST_BYTES || this.#bytes.write(digest, this.#at, 'hex') !== DIGEST_BYTES)
        throw new RangeError('a SHA-256 has 64 hexadecimal digits');
      this.#at += DIGEST_BYTES;
    }
  }

  #holdings(holdings: readonly Holding[]): void {
    this.#u16(holdings.length);
    for (const { leaseId, amount } of holdings) {
      this.#text(leaseId);
      this.#f64(amount);
    }
  }

  #id(id: string): void {
    this.#room(16);
    const written = this.#bytes.write(id, this.#at, 16, 'hex');
    if (written !== 16 || id.length !== 32) throw new RangeError('a receipt id has 32 hexadecimal digits');
    this.#at += 16;
  }

  #text(text: string): void {
    this.#room(4 + 3 * text.length);
    const length = this.#bytes.write(text, this.#at + 4);
    this.#at = this.#bytes.writeUInt32BE(length, this.#at) + length;
  }

  #blob(bytes: Uint8Array): void {
    this.#u32(bytes.length);
    this.#raw(bytes);
  }

  #raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #u8(value: number): void {
    this.#room(1);
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }

  #u16(value: number): void {
    this.#room(2);
    this.#at = this.#bytes.writeUInt16BE(value, this.#at);
  }

  #u32(value: number): void {
    this.#room(4);
    this.#at = this.#bytes.writeUInt32BE(value, this.#at);
  }

  #f64(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError('no amount is infinite');
    this.#room(8);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + length));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
