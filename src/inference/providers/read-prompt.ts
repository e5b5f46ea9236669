import type { ChatMessage } from './chat-request.ts';
import type { Driver, Prompt } from './driver.ts';
import { fitCallId } from './fit-call-id.ts';
import { readParts, readText } from './read-parts.ts';
import { refuse } from './refuse.ts';

type Tool = Extract<Prompt[number], { role: 'tool' }>;
type User = Extract<Prompt[number], { role: 'user' }>;
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
        if (!driver.takesLateInstructions) checkBeginning(prompt);
        prompt.push({ role: 'system', content: readText(message.content) });
        break;
      case 'user':
        prompt.push({ role: 'user', content: userContent(message, driver) });
        break;
      case 'assistant': {
        for (const { id, function: called } of message.tool_calls ?? []) names.set(id, called.name);
        const said = assistantMessage(message, driver);
        // A turn without anything says nothing, and providers take none such.
        if (said.content.length > 0) prompt.push(said);
        break;
      }
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

/** @throws Problem where somebody else has spoken */
function checkBeginning(prompt: Prompt): void {
  if (prompt.some(({ role }) => role !== 'system'))
    throw refuse('messages', 'put the system messages before all others');
}

function userContent({ content }: Extract<ChatMessage, { role: 'user' }>, driver: Driver): User['content'] {
  const parts = readParts(content, driver);
  if (parts.every((part) => part.type === 'text' && part.text === ''))
    throw refuse('messages', 'a message of the user is empty; leave it out');
  return parts;
}

function assistantMessage(message: Extract<ChatMessage, { role: 'assistant' }>, driver: Driver): Assistant {
  const content: Assistant['content'] = [];
  const text = readText(message.content) + (message.refusal ?? '');
  if (text.trim() !== '') content.push({ type: 'text', text });
  for (const { id, function: called } of message.tool_calls ?? [])
    content.push({
      type: 'tool-call',
      toolCallId: fitCallId(id, driver.callIds),
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
  const { content } = message;
  const toolCallId = fitCallId(message.tool_call_id, driver.callIds);
  const parts = readParts(content, driver);
  const isText = parts.every(({ type }) => type === 'text');
  if (!isText && !driver.takesToolFiles) throw refuse(kindOfFile(content), 'the result of a tool is text alone');
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: isText ? { type: 'text', value: readText(content) } : { type: 'content', value: parts },
  };
}

/** Of the first part that is more than text. */
function kindOfFile(content: ToolMessage['content']): string {
  const parts = typeof content === 'object' && content !== null ? content : [];
  return parts.find(({ type }) => type !== 'text' && type !== 'refusal')?.type ?? 'messages';
}
