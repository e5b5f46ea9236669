/** What tenants leave with the service, in the words of OpenAI's API. */
import { z } from 'zod';

/** Purposes of an uploaded file; `batch_output` is made by batches alone. */
export const uploadPurposes = ['batch', 'user_data', 'assistants', 'vision', 'evals', 'fine-tune'] as const;
export type FilePurpose = (typeof uploadPurposes)[number] | 'batch_output';

/** Body of `POST /v1/batches`. */
export const batchRequest = z.looseObject({
  input_file_id: z.string().max(64),
  endpoint: z.string().max(64),
  completion_window: z.literal('24h'),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});
export type BatchRequest = z.infer<typeof batchRequest>;

/** One line of a batch's file. */
export const batchLine = z.strictObject({
  custom_id: z.string().min(1).max(512),
  method: z.literal('POST'),
  url: z.string(),
  body: z.record(z.string(), z.unknown()),
});
export type BatchLine = z.infer<typeof batchLine>;

export const batchStates = [
  ...(['validating', 'in_progress', 'finalizing', 'completed'] as const),
  ...(['failed', 'expired', 'cancelling', 'cancelled'] as const),
] as const;
export type BatchState = (typeof batchStates)[number];

/** A response as it was given, and the conversation that it answers. */
export interface KeptResponse {
  /** Items of the conversation, this answer's among them. */
  readonly items: readonly unknown[];
  /** Which of them came with its request. */
  readonly inputFrom: number;
  readonly inputTo: number;
  readonly response: Readonly<Record<string, unknown>>;
  /** Level and caveats: a later request cannot make it lower. */
  readonly classification: string;
  /** Id of the purpose that it was said for. */
  readonly purpose?: string;
}

/** https://platform.openai.com/docs/api-reference/files/object (2026-11) */
export interface FileObject {
  readonly id: string;
  readonly object: 'file';
  readonly bytes: number;
  readonly created_at: number;
  readonly expires_at: number;
  readonly filename: string;
  readonly purpose: FilePurpose;
  readonly status: 'processed';
}

/** https://platform.openai.com/docs/api-reference/batch/object (2026-11) */
export interface BatchObject {
  readonly id: string;
  readonly object: 'batch';
  readonly endpoint: string;
  readonly errors: { readonly object: 'list'; readonly data: readonly BatchError[] } | null;
  readonly input_file_id: string;
  readonly completion_window: '24h';
  readonly status: BatchState;
  readonly output_file_id: string | null;
  readonly error_file_id: string | null;
  readonly request_counts: { readonly total: number; readonly completed: number; readonly failed: number };
  readonly metadata: Readonly<Record<string, string>> | null;
  readonly [time: `${string}_at`]: number | null;
}

export interface BatchError {
  readonly code: string;
  readonly line: number | null;
  readonly message: string;
  readonly param: string | null;
}
