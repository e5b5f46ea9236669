import type pg from 'pg';
import {
  JournalPacker,
  type JournalRecord,
  readJournal,
  type Sealed,
  type Sealer,
  type SigningKey,
  signPayloads,
} from '../../ledger/index.ts';
import type { Holding, Outcome } from '../../ledger/ports.ts';
import { encodeByteaArray, encodeIdArray } from './encode-array.ts';
import type { EntrySource, Taken } from './sequencer.ts';
import { type OpenIntent, takeClosed, takeOrphans } from './take-intents.ts';

/** Bounds of one transaction: its memory, and how long heartbeats of this process may wait. */
const RECORDS_MAX = 4_096;
const ROWS_MAX = 1_024;

export interface JournalSourceOptions {
  readonly sealer: Sealer;
  readonly receiptKey: { readonly id: string; readonly key: SigningKey };
  /** Wall milliseconds that never step back. */
  now(): number;
  /** Decisions that are durable, in the order of the log. */
  onSealed?(place: { readonly log: string; readonly first: number }, decisions: readonly Sealed[]): void;
  /** A sentence for whoever runs the service. */
  report?(sentence: string): void;
}

interface JournalRow {
  readonly worker: string;
  readonly records: number;
  readonly items: Buffer;
}

/** Taken by DELETE, never by a watermark: commits of several gateways come out of order, those of one do not. */
const TAKE = `
WITH due AS MATERIALIZED (
  SELECT seq, sum(records) OVER (ORDER BY seq) - records AS before
  FROM (SELECT seq, records FROM journal ORDER BY seq LIMIT ${ROWS_MAX}) AS j
), taken AS (
  DELETE FROM journal WHERE seq = ANY (ARRAY(SELECT seq FROM due WHERE before < ${RECORDS_MAX}))
  RETURNING seq, worker, records, items
)
SELECT worker, records, items FROM taken ORDER BY seq`;

/** How one decision ended: by its outcome, or because nobody will say how. */
interface Ended {
  readonly receiptId: string;
  readonly worker: string;
  /** Null: unfinished, at the price that was reserved. */
  readonly outcome: Outcome | null;
  readonly intent: OpenIntent | null;
  /** Made by an older version. */
  readonly made: Sealed | null;
}

/** What one round found in the journal, in its order. */
class Round {
  readonly open = new Map<string, OpenIntent>();
  readonly ended: Ended[] = [];
  /** Intents from before this round that are to go without an entry. */
  readonly forgotten: string[] = [];

  read(worker: string, record: JournalRecord): void {
    switch (record.kind) {
      case 'intent':
        this.open.set(record.intent.receiptId, { worker, record });
        return;
      case 'outcome':
        this.#end(worker, record.outcome.receiptId, record.outcome);
        return;
      case 'surrendered':
        this.#end(worker, record.receiptId, null);
        return;
      case 'forgotten':
        if (!this.open.delete(record.receiptId)) this.forgotten.push(record.receiptId);
        return;
      case 'older-intent':
        this.open.set(record.receiptId, { worker, record });
        return;
      case 'older-decision': {
        const made = record.decision;
        this.ended.push({ receiptId: made.receiptId, worker, outcome: null, intent: null, made });
      }
    }
  }

  #end(worker: string, receiptId: string, outcome: Outcome | null): void {
    const intent = this.open.get(receiptId) ?? null;
    if (intent !== null) this.open.delete(receiptId);
    this.ended.push({ receiptId, worker, outcome, intent, made: null });
  }

  /** Ends whose intent is from before this round. */
  missing(): string[] {
    return this.ended.filter((one) => isWithoutIntent(one)).map(({ receiptId }) => receiptId);
  }

  /** Gives each intent from before this round to one end. */
  match(closed: Map<string, OpenIntent>): Ended[] {
    return this.ended.map((one) => {
      if (!isWithoutIntent(one)) return one;
      const intent = closed.get(one.receiptId) ?? null;
      closed.delete(one.receiptId);
      return { ...one, intent };
    });
  }
}

function isWithoutIntent({ intent, outcome, made }: Ended): boolean {
  return intent === null && made === null && (outcome?.beginning ?? null) === null;
}

/** Decisions: matches what ended with what began, makes statements, salts and leaves, and signs. */
export class JournalSource implements EntrySource {
  readonly #options: JournalSourceOptions;
  readonly #packer = new JournalPacker();
  #isReapDue = true;
  #isBehind = false;
  #hasTaken = false;
  #rowsTaken = 0;

  constructor(options: JournalSourceOptions) {
    this.#options = options;
  }

  /** The next round also closes intents whose process is gone. */
  reap(): void {
    this.#isReapDue = true;
  }

  /** Rows of the journal that were taken so far. */
  get rowsTaken(): number {
    return this.#rowsTaken;
  }

  /** Whether the last round found anything. */
  get hasTaken(): boolean {
    return this.#hasTaken;
  }

  /** Whether the last round stopped at its bounds. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  async take(client: pg.PoolClient): Promise<Taken | null> {
    const { rows } = await client.query<JournalRow>({ name: 'take-journal', text: TAKE });
    this.#rowsTaken += rows.length;
    const round = new Round();
    let records = 0;
    for (const row of rows) {
      records += row.records;
      for (const record of readJournal(row.items)) round.read(row.worker, record);
    }
    const closed = await takeClosed(client, [...round.missing(), ...round.forgotten]);
    const orphans = this.#isReapDue ? await takeOrphans(client) : { intents: [], isPartial: false };
    this.#isReapDue = orphans.isPartial;
    this.#isBehind = rows.length === ROWS_MAX || records >= RECORDS_MAX || orphans.isPartial;
    for (const [receiptId, intent] of orphans.intents)
      round.ended.push({ receiptId, worker: intent.worker, outcome: null, intent, made: null });
    this.#hasTaken = rows.length > 0 || round.ended.length > 0;
    if (!this.#hasTaken) return null;
    const ended = round.match(closed);
    const decisions = ended.flatMap((one) => this.#seal(one));
    return this.#taken(round, decisions, sumUnfinished(ended));
  }

  #seal(ended: Ended): Sealed[] {
    const { made, outcome, intent } = ended;
    if (made !== null) return [made];
    const { sealer, now, report } = this.#options;
    if (outcome !== null && outcome.beginning !== null) return [sealer.seal(outcome.beginning, outcome)];
    if (intent === null) {
      // Its intent was closed before: the lane of its process lets nothing through then, so this is a fault of ours.
      report?.('an outcome has no intent that is open, and was not taken');
      return [];
    }
    const { record } = intent;
    if (record.kind === 'older-intent') return [sealer.sealOlder(record, now())];
    return [outcome === null ? sealer.sealUnfinished(record.intent, now()) : sealer.seal(record.intent, outcome)];
  }

  #taken(round: Round, decisions: readonly Sealed[], unfinished: Spent): Taken {
    const { receiptKey, onSealed } = this.#options;
    const signing = signPayloads(
      decisions.map(({ payload }) => payload),
      receiptKey.key,
    );
    // Awaited in `store`, if it comes to that.
    signing.catch(() => {});
    let stored = { log: '', first: 0 };
    return {
      leaves: decisions.map(({ leaf }) => leaf),
      store: async (client, place) => {
        stored = place;
        if (decisions.length > 0) await this.#insertDecisions(client, place, { decisions, signatures: await signing });
        if (round.open.size > 0) await this.#insertIntents(client, round.open);
        for (const [worker, spent] of unfinished) {
          const values = [worker, spent.map(({ leaseId }) => leaseId), spent.map(({ amount }) => amount)];
          await client.query('SELECT programmes_settle($1, $2::text[], $3::bigint[])', values);
        }
      },
      committed: () => onSealed?.(stored, decisions),
    };
  }

  async #insertDecisions(
    client: pg.PoolClient,
    { log, first }: { log: string; first: number },
    { decisions, signatures }: { decisions: readonly Sealed[]; signatures: readonly Uint8Array[] },
  ): Promise<void> {
    await client.query({
      name: 'insert-decisions',
      text: `INSERT INTO decision (receipt_id, payload, salt, leaf, account, signature, log, index, key_id, signed_at)
        SELECT u.id, u.payload, u.salt, u.leaf, u.account, u.signature, $7, $8::bigint + u.place - 1, $9,
          to_timestamp($10::double precision / 1000)
        FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) WITH ORDINALITY
          AS u (id, payload, salt, leaf, account, signature, place)`,
      values: [
        encodeIdArray(decisions.map(({ receiptId }) => receiptId)),
        encodeByteaArray(decisions.map(({ payload }) => payload)),
        encodeByteaArray(decisions.map(({ salt }) => salt)),
        encodeByteaArray(decisions.map(({ leaf }) => leaf)),
        encodeByteaArray(decisions.map(({ account }) => account)),
        encodeByteaArray(signatures),
        log,
        first,
        this.#options.receiptKey.id,
        this.#options.now(),
      ],
    });
  }

  async #insertIntents(client: pg.PoolClient, open: ReadonlyMap<string, OpenIntent>): Promise<void> {
    const intents = [...open.values()];
    await client.query({
      name: 'insert-intents',
      text: `INSERT INTO intent (receipt_id, worker, record)
        SELECT * FROM unnest($1::bytea[], $2::text[], $3::bytea[])`,
      values: [
        encodeIdArray([...open.keys()]),
        intents.map(({ worker }) => worker),
        encodeByteaArray(intents.map(({ record }) => this.#packer.pack([record]))),
      ],
    });
  }
}

type Spent = ReadonlyMap<string, readonly Holding[]>;

/** Nobody will say what these used: the most that they could. By worker. */
function sumUnfinished(ended: readonly Ended[]): Spent {
  const spent = new Map<string, Holding[]>();
  for (const { outcome, worker, intent } of ended) {
    if (outcome !== null || intent === null) continue;
    const holdings = holdingsOf(intent);
    if (holdings.length > 0) spent.set(worker, [...(spent.get(worker) ?? []), ...holdings]);
  }
  return spent;
}

function holdingsOf({ record }: OpenIntent): readonly Holding[] {
  if (record.kind === 'intent') return record.intent.holdings;
  return (JSON.parse(record.text.toString()) as { holdings: Holding[] }).holdings;
}
