import type { ChatRequest } from './chat-request.ts';
import { type Json, memberOf, type SentRequest } from './read-sent.ts';
import { refuse } from './refuse.ts';

/** @throws Problem when calls or results of the conversation have vanished, or a choice of tools is not what was asked for */
export function checkTools({ body, settings }: SentRequest, request: ChatRequest): void {
  const asked = countAsked(request);
  const sent = countSent(body);
  if (sent.calls < asked.calls || sent.results < asked.results)
    throw refuse('messages', 'calls of tools and their results would be left out; declare the `tools`');
  // A schema is kept by a forced call where a model knows no other way.
  if (settings.tool_choice !== undefined && memberOf(body, 'toolConfig').toolChoice !== undefined)
    throw refuse('response_format', 'this model keeps a schema by a call, and none may be made; declare the `tools`');
  const { tool_choice: choice, tools } = request;
  if (choice == null || choice === 'auto' || !tools?.length) return;
  if (!isChosen(choice, { body, settings }))
    throw refuse('tool_choice', 'this model does not take this choice, or not beside the others');
}

interface Count {
  calls: number;
  results: number;
}

function countAsked({ messages }: ChatRequest): Count {
  const count = { calls: 0, results: 0 };
  for (const message of messages) {
    if (message.role === 'tool') count.results++;
    if (message.role === 'assistant') count.calls += message.tool_calls?.length ?? 0;
  }
  return count;
}

function countSent(body: Json): Count {
  const count = { calls: 0, results: 0 };
  for (const message of listOf(body.messages ?? body.contents)) {
    if (message.role === 'tool') count.results++;
    count.calls += listOf(message.tool_calls).length;
    for (const part of listOf(message.content ?? message.parts)) {
      if (part.type === 'tool_use' || 'toolUse' in part || 'functionCall' in part) count.calls++;
      if (part.type === 'tool_result' || 'toolResult' in part || 'functionResponse' in part) count.results++;
    }
  }
  return count;
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && typeof item === 'object') : [];
}

type Choice = Exclude<ChatRequest['tool_choice'], null | undefined>;

/** Each provider has its own words: `any`, `ANY`, `REQUIRED`; a name, or the one tool that is left. */
function isChosen(choice: Choice, { body, settings }: SentRequest): boolean {
  const config = memberOf(body, 'toolConfig');
  const tools = listOf(body.tools ?? config.tools);
  const sent = settings.tool_choice ?? config.toolChoice ?? config.functionCallingConfig;
  const text = JSON.stringify(sent ?? null);
  if (choice === 'none') return tools.length === 0 || /"none"/i.test(text);
  const isForced = /"(any|required)"/i.test(text);
  if (typeof choice === 'string') return isForced;
  const name = JSON.stringify(choice.function.name);
  return text.includes(name) || (isForced && tools.length === 1 && JSON.stringify(tools).includes(name));
}
