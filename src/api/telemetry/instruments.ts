/** What is measured, by the names of OpenTelemetry's conventions for generative AI (semantic-conventions-genai, 2026-11). */

export interface Instrument {
  readonly name: string;
  readonly unit: 's' | '{token}';
  readonly description: string;
  /** Upper bounds of buckets, as the conventions advise. */
  readonly boundaries: readonly number[];
}

const durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const firstTokens = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const tokenTimes = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

/** Of each call of a backend; Polity is the client. */
export const callInstruments = {
  duration: {
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    description: 'Calls of backends: from the call to the last byte of the answer',
    boundaries: durations,
  },
  firstChunk: {
    name: 'gen_ai.client.operation.time_to_first_chunk',
    unit: 's',
    description: 'Streamed calls of backends: from the call to the first sign of the answer',
    boundaries: durations,
  },
  tokens: {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    description: 'Tokens settled for a call of a backend, by type',
    boundaries: tokens,
  },
} as const satisfies Record<string, Instrument>;

/** Of each request; Polity is the server. */
export const requestInstruments = {
  duration: {
    name: 'gen_ai.server.request.duration',
    unit: 's',
    description: 'Requests: from the first byte to the last of the answer, refusals included',
    boundaries: durations,
  },
  firstToken: {
    name: 'gen_ai.server.time_to_first_token',
    unit: 's',
    description: 'Streams that ended whole: from the first byte of the request to the first sign of the answer',
    boundaries: firstTokens,
  },
  tokenTime: {
    name: 'gen_ai.server.time_per_output_token',
    unit: 's',
    description: 'Streams that ended whole: time for each token after the first',
    boundaries: tokenTimes,
  },
} as const satisfies Record<string, Instrument>;

/** Unit of OpenTelemetry to suffix, where it has one; units in braces have none. */
const suffixes = { s: '_seconds', '{token}': '' } as const;

/** As OpenTelemetry's mapping to Prometheus spells it (specification 1.56, 2026-11): dots become underscores, the unit a suffix. */
export function prometheusName({ name, unit }: Pick<Instrument, 'name' | 'unit'>): string {
  return labelName(name) + suffixes[unit];
}

export function labelName(attribute: string): string {
  return attribute.replace(/[^a-zA-Z0-9_]/g, '_');
}
