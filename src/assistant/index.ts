/**
 * The assistant: guest sessions, conversations, turns, contested answers.
 * Promises: answers are made by the server and outlive the browser; what a person wrote or was answered is sealed under
 * a key of that person, which dies with it; what is another's looks like what never was.
 * Called by: api, store (through ports), processes. Spec: schema.ts, docs/decisions/0019-assistant.md.
 */
export { checkAsk, checkContest, checkSearch } from './check-ask.ts';
export { type Guest, nothingHere } from './context.ts';
export type { ExportedFile, ExportFormat } from './export-conversations.ts';
export { type AssistantDesk, type AssistantParts, openAssistantDesk } from './open-assistant-desk.ts';
