/**
 * The path of a request: `answer.ts` is its table of contents, `steps/` has one file per step, `dialects/` one per API.
 * Promises: no call outside the legal set, no byte to a model before the intent is durable, no end of an answer
 * before its outcome is.
 * Called by: api. Spec: docs/spec/receipt.md, docs/decisions/0008-path.md.
 */
export { answer } from './answer.ts';
export { AnswerHeaders } from './answer-headers.ts';
export { BodyHold, BodyRoom } from './body-room.ts';
export type { Dialect } from './dialect.ts';
export { dialects } from './dialects/all-dialects.ts';
export { openaiChat } from './dialects/openai-chat.ts';
export { chatReader } from './dialects/openai-chat-reader.ts';
export { quotedAnswers } from './dialects/quoted-answers.ts';
export type { AnswerSink, CallNote, Exchange, KnownCaller, RequestEvent, RequestSource } from './exchange.ts';
export { type FoundCaller, findCaller } from './find-caller.ts';
export { findKey } from './find-key.ts';
export { CRUMBLED, isCrumbled } from './is-crumbled.ts';
export { listDropped } from './list-dropped.ts';
export { openEvent } from './open-event.ts';
export type { CharterInForce, PathParts } from './parts.ts';
export { type BodyBounds, checkCoding, readBody } from './read-body.ts';
export { Traffic } from './routing/traffic.ts';
export { anthropicError } from './wire/anthropic-error.ts';
export { readJson } from './wire/json-text.ts';
