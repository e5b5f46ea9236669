import { crc32 } from 'node:zlib';
import type { TranslatedDialect } from '../../src/inference/providers/open-provider.ts';

/**
 * How one provider says the same things, as its reference specifies them (2026-11): `Tere, maailm`; calls of `weather`
 * for Tallinn and Tartu; a refusal. Each used 7 tokens for the prompt and 2 for the answer.
 */
export interface ProviderWire {
  readonly dialect: TranslatedDialect;
  readonly model: string;
  readonly mediaType: string;
  readonly whole: Record<'text' | 'tools' | 'refused', unknown>;
  /** Frames; without the last one the answer is cut. */
  readonly stream: Record<'text' | 'tools' | 'refused', readonly Buffer[]>;
  /** An error after the first word; null where the API has none. */
  readonly broken: readonly Buffer[] | null;
  readonly error: { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };
  /** `code` of that error in OpenAI's words. */
  readonly errorCode: string | null;
  /** Of the request on the wire. */
  isStream(path: string, body: Json): boolean;
  /** Places in the request that must hold the image and the schema. */
  readonly image: string;
  readonly schema: string;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a provider sends or gets.
export type Json = any;

export const cities = ['Tallinn', 'Tartu'] as const;

export function sse(data: unknown, event?: string): Buffer {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return Buffer.from(`${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`);
}

/** A message of AWS's event stream encoding: prelude, headers, payload, each part under a CRC-32. */
export function awsFrame(type: string, payload: unknown, messageType = 'event'): Buffer {
  const headers = Buffer.concat(
    Object.entries({
      ':message-type': messageType,
      [messageType === 'event' ? ':event-type' : ':exception-type']: type,
      ':content-type': 'application/json',
    }).map(([name, value]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(value.length);
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, body]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(message));
  return Buffer.concat([message, end]);
}
