/** Reads what journal.ts packs. Malformed bytes stop the reader: they were not written by us. */
import { fromUtf8 } from '../kit/index.ts';
import { DIGEST_BYTES, ENDED, type JournalRecord, type OlderDecision, SOURCES, TAGS, VERSION } from './journal.ts';
import type { Beginning, Holding, Outcome, Said } from './ports.ts';

const SALT_BYTES = 32;
const LEAF_BYTES = 51;

/** @throws Error on anything that the packer cannot have written */
export function readJournal(bytes: Uint8Array): JournalRecord[] {
  return new JournalReader(bytes).all();
}

class JournalReader {
  readonly #bytes: Buffer;
  #at = 0;
  readonly #circumstances: Uint8Array[] = [];

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  all(): JournalRecord[] {
    const version = this.#u8();
    if (version !== VERSION) throw new Error(`a journal of version ${version}: update this ledger process first`);
    const records: JournalRecord[] = [];
    while (this.#at < this.#bytes.length) {
      const tag = this.#u8();
      if (tag === TAGS.circumstances) this.#circumstances.push(this.#blob());
      else records.push(this.#record(tag));
    }
    return records;
  }

  #record(tag: number): JournalRecord {
    switch (tag) {
      case TAGS.intent: {
        const receiptId = this.#id();
        const beginning = this.#beginning();
        return { kind: 'intent', intent: { receiptId, ...beginning, holdings: this.#list(() => this.#holding()) } };
      }
      case TAGS.outcome:
        return { kind: 'outcome', outcome: this.#outcome(null) };
      case TAGS.refusal:
        return { kind: 'outcome', outcome: this.#outcome(this.#beginning()) };
      case TAGS.forgotten:
        return { kind: 'forgotten', receiptId: this.#id() };
      case TAGS.surrendered:
        return { kind: 'surrendered', receiptId: this.#id() };
      case TAGS.olderIntent:
        return { kind: 'older-intent', receiptId: this.#id(), text: this.#blob() };
      case TAGS.olderDecision:
        return { kind: 'older-decision', decision: this.#olderDecision() };
      default:
        throw this.#malformed();
    }
  }

  #beginning(): Beginning {
    const circumstances = this.#circumstances[this.#u32()];
    if (circumstances === undefined) throw this.#malformed();
    const number = this.#u32();
    const previous = this.#flag() ? this.#id() : null;
    const said = this.#list(() => this.#saidOne());
    return {
      circumstances,
      attempt: { number, previous },
      said,
      reserved: { tokens: this.#f64(), moneyMicros: this.#f64() },
    };
  }

  #outcome(beginning: Beginning | null): Outcome {
    return {
      beginning,
      receiptId: this.#id(),
      ended: this.#word(ENDED),
      reason: this.#flag() ? this.#text() : null,
      endedAtMs: this.#f64(),
      usage: { promptTokens: this.#f64(), completionTokens: this.#f64(), source: this.#word(SOURCES) },
      moneyMicros: this.#f64(),
      footprint: { energyMicroWh: this.#f64(), co2MicroGrams: this.#f64() },
      said: this.#list(() => this.#saidOne()),
      spent: this.#list(() => this.#holding()),
    };
  }

  #olderDecision(): OlderDecision {
    return {
      receiptId: this.#id(),
      payload: this.#blob(),
      salt: this.#take(SALT_BYTES),
      leaf: this.#take(LEAF_BYTES),
      account: this.#blob(),
    };
  }

  #saidOne(): Said {
    const name = fromUtf8(this.#take(this.#u8()));
    return { name, digest: this.#bytes.toString('hex', this.#move(DIGEST_BYTES), this.#at) };
  }

  #holding(): Holding {
    return { leaseId: this.#text(), amount: this.#f64() };
  }

  #list<Item>(one: () => Item): Item[] {
    const count = this.#bytes.readUInt16BE(this.#move(2));
    const items: Item[] = [];
    for (let i = 0; i < count; i++) items.push(one());
    return items;
  }

  #word<Word extends string>(words: readonly Word[]): Word {
    const word = words[this.#u8()];
    if (word === undefined) throw this.#malformed();
    return word;
  }

  #flag(): boolean {
    const value = this.#u8();
    if (value > 1) throw this.#malformed();
    return value === 1;
  }

  #id(): string {
    const at = this.#move(16);
    return this.#bytes.toString('hex', at, at + 16);
  }

  #text(): string {
    return fromUtf8(this.#blob());
  }

  #blob(): Buffer {
    return this.#take(this.#u32());
  }

  #take(length: number): Buffer {
    const at = this.#move(length);
    return this.#bytes.subarray(at, at + length);
  }

  #u8(): number {
    return this.#bytes.readUInt8(this.#move(1));
  }

  #u32(): number {
    return this.#bytes.readUInt32BE(this.#move(4));
  }

  /** No amount is infinite or nothing at all. */
  #f64(): number {
    const value = this.#bytes.readDoubleBE(this.#move(8));
    if (!Number.isFinite(value)) throw this.#malformed();
    return value;
  }

  #move(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw this.#malformed();
    this.#at = at + length;
    return at;
  }

  #malformed(): Error {
    return new Error(`the journal is malformed before byte ${this.#at}`);
  }
}
