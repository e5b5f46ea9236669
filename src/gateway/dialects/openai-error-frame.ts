import { type Problem, problemBody, utf8 } from '../../kit/index.ts';

/** How every stream of OpenAI's family but Responses ends when it cannot go on: docs/spec/streams.md. No `[DONE]` follows. */
export function openaiErrorFrame(problem: Problem, requestId: string): Uint8Array {
  const { error, code, instance } = problemBody(problem, requestId);
  return utf8(`data: ${JSON.stringify({ error, code, instance })}\n\n`);
}
