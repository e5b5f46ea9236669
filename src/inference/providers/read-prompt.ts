import type { ChatMessage } from './chat-request.ts';
import type { Driver, Prompt } from './driver.ts';
import { readParts, readText } from './read-parts.ts';

type Tool = Extract<Prompt[number], { role: 'tool' }>;
type Assistant = Extract<Prompt[number], { role: 'assistant' }>;
type ToolMessage = Extract<ChatMessage, { role: 'tool' }>;

/** A conversation as the packages take it. What a model thought is left out: signatures of it are not carried. @throws Problem */
export function readPrompt(messages: readonly ChatMessage[], driver: Driver): Prompt {
  const names = new Map<string, string>();
  const prompt: Prompt = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'developer':
        prompt.push({ role: 'system', content: readText(message.content) });
        break;
      case 'user':
        prompt.push({ role: 'user', content: readParts(message.content, driver) });
        break;
      case 'assistant':
        for (const { id, function: called } of message.tool_calls ?? []) names.set(id, called.name);
        prompt.push(assistantMessage(message));
        break;
      case 'tool': {
        const result = toolResult(message, names.get(message.tool_call_id) ?? 'unknown', driver);
        const last = prompt.at(-1);
        // Results of parallel calls are one turn.
        if (last?.role === 'tool') last.content.push(result);
        else prompt.push({ role: 'tool', content: [result] });
      }
    }
  }
  return prompt;
}

function assistantMessage(message: Extract<ChatMessage, { role: 'assistant' }>): Assistant {
  const content: Assistant['content'] = [];
  const text = readText(message.content) + (message.refusal ?? '');
  if (text !== '') content.push({ type: 'text', text });
  for (const { id, function: called } of message.tool_calls ?? [])
    content.push({
      type: 'tool-call',
      toolCallId: id,
      toolName: called.name,
      input: readArguments(called.arguments),
    });
  return { role: 'assistant', content };
}

/** Small models write arguments that are no JSON; the next model is shown what they wrote. */
function readArguments(text: string): unknown {
  try {
    const input = text.trim() === '' ? {} : JSON.parse(text);
    return input !== null && typeof input === 'object' ? input : { value: input };
  } catch {
    return { unparsed: text };
  }
}

function toolResult(message: ToolMessage, toolName: string, driver: Driver): Tool['content'][number] {
  const { content, tool_call_id: toolCallId } = message;
  const parts = readParts(content, driver);
  const isText = parts.every(({ type }) => type === 'text');
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: isText ? { type: 'text', value: readText(content) } : { type: 'content', value: parts },
  };
}
