/** From what the path handed over to what is signed and what is public: statement, salts, leaf. docs/spec/receipt.md */
import { formatTime, fromUtf8, type Ids } from '../kit/index.ts';
import { commitTo, decisionLeaf } from './leaf.ts';
import type { Beginning, Outcome, Said } from './ports.ts';
import { type Commitment, type Fragments, renderFragments, renderStatement } from './render-statement.ts';
import { Circumstances, type Stated } from './schema.ts';

/** Circumstances that were read and rendered once. */
export interface KnownCircumstances extends Circumstances {
  readonly fragments: Fragments;
  /** The beginning of `account`, without its end. */
  readonly account: string;
}

export interface Sealed {
  readonly receiptId: string;
  /** The DSSE payload, exactly as it will be signed. */
  readonly payload: Uint8Array;
  /** 32 bytes. */
  readonly salt: Uint8Array;
  /** 51 bytes. */
  readonly leaf: Uint8Array;
  /** What the count of usage needs beside the statement, as JSON; never signed. */
  readonly account: Uint8Array;
}

/** A decision as lists and counts want it, without reading its statement again. */
export interface SealedDecision extends Sealed {
  readonly outcome: Outcome;
  readonly attempt: number;
  readonly circumstances: KnownCircumstances;
}

interface OlderIntent {
  readonly draft: Stated & {
    readonly id: string;
    readonly attempt: { readonly number: number; readonly previous: string | null };
    readonly salts: Readonly<Record<string, string>>;
    readonly commitments: Readonly<Record<string, string>>;
    readonly reserved: { readonly tokens: number; readonly moneyMicros: number; readonly currency: string };
  };
  readonly account: object;
}

/** How many different circumstances are kept, and of which length: what a request calls itself has no end. */
const CIRCUMSTANCES_MAX = 4_096;
const CIRCUMSTANCES_BYTES_MAX = 8_192;

/** Makes decisions of what was recorded. Salts are made here, at the last moment, and seen by nobody before the commit. */
export class Sealer {
  readonly #ids: Ids;
  readonly #known = new Map<string, KnownCircumstances>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  seal(beginning: Beginning, outcome: Outcome): SealedDecision {
    const circumstances = this.#read(beginning.circumstances);
    const { receiptId, ended, reason, usage, moneyMicros, footprint } = outcome;
    const text = renderStatement(circumstances.fragments, {
      id: receiptId,
      attempt: beginning.attempt,
      commitments: this.#commit(beginning.said).concat(this.#commit(outcome.said)),
      ended,
      reason,
      endedAt: formatTime(outcome.endedAtMs),
      usage,
      moneyMicros,
    });
    const payload = Buffer.from(text);
    const salt = this.#ids.salt();
    return {
      receiptId,
      payload,
      salt,
      leaf: decisionLeaf(salt, payload),
      account: Buffer.from(
        `${circumstances.account},"energyMicroWh":${footprint.energyMicroWh},"co2MicroGrams":${footprint.co2MicroGrams}}`,
      ),
      outcome,
      attempt: beginning.attempt.number,
      circumstances,
    };
  }

  /** Closes an intent that nobody will: unfinished, at the price that was reserved. */
  sealUnfinished(intent: Beginning & { receiptId: string }, wallMs: number): SealedDecision {
    const { tokens, moneyMicros } = intent.reserved;
    return this.seal(intent, {
      receiptId: intent.receiptId,
      beginning: null,
      ended: 'unfinished',
      reason: 'lease-expired',
      endedAtMs: wallMs,
      usage: { promptTokens: tokens, completionTokens: 0, source: 'reserved' },
      moneyMicros,
      // Nobody knows it.
      footprint: { energyMicroWh: 0, co2MicroGrams: 0 },
      said: [],
      spent: [],
    });
  }

  /** An intent from before the journal: its draft holds salts and commitments already. */
  sealOlder({ receiptId, text }: { receiptId: string; text: Uint8Array }, wallMs: number): Sealed {
    const { draft, account } = JSON.parse(fromUtf8(text)) as OlderIntent;
    const { id: _, attempt, salts, commitments, reserved, ...stated } = draft;
    const payload = Buffer.from(
      renderStatement(renderFragments(stated, reserved.currency), {
        id: receiptId,
        attempt,
        commitments: Object.entries(commitments).map(([name, digest]) => ({ name, digest, salt: salts[name] ?? '' })),
        ended: 'unfinished',
        reason: 'lease-expired',
        endedAt: formatTime(wallMs),
        usage: { promptTokens: reserved.tokens, completionTokens: 0, source: 'reserved' },
        moneyMicros: reserved.moneyMicros,
      }),
    );
    const salt = this.#ids.salt();
    return {
      receiptId,
      payload,
      salt,
      leaf: decisionLeaf(salt, payload),
      account: Buffer.from(JSON.stringify(account)),
    };
  }

  #commit(said: readonly Said[]): Commitment[] {
    return said.map(({ name, digest }) => {
      const salt = this.#ids.salt();
      return { name, salt: toBase64Text(salt), digest: commitTo(digest, salt) };
    });
  }

  #read(bytes: Uint8Array): KnownCircumstances {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const circumstances = Circumstances.parse(JSON.parse(fromUtf8(bytes)));
    const { stated, currency, key, project } = circumstances;
    const account = JSON.stringify({ key, project }).slice(0, -1);
    const fresh = { ...circumstances, fragments: renderFragments(stated, currency), account };
    if (this.#known.size >= CIRCUMSTANCES_MAX) this.#known.clear();
    if (bytes.length <= CIRCUMSTANCES_BYTES_MAX) this.#known.set(text, fresh);
    return fresh;
  }
}

/** `toBase64` of the kit runs in browsers too, at ten times the cost. */
function toBase64Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

/** Text of one choice as a subject. `digest`: of its UTF-8. */
export function textSubject(choice: number, digest: string): Said {
  return { name: `answer/text/${choice}`, digest };
}
