/** A Responses request in the words of chat completions. What has no counterpart was named as a need before. */
import { Problem } from '../../kit/index.ts';
import type { ResponseItem, ResponsesRequest } from './responses-schema.ts';

type Chat = Record<string, unknown>;

/** `earlier`: items of the conversation so far. */
export function chatOfResponses(request: ResponsesRequest, earlier: readonly ResponseItem[]): Chat {
  const { instructions, input, tools, text, reasoning, stream } = request;
  const messages: Chat[] = instructions ? [{ role: 'system', content: instructions }] : [];
  const said = typeof input === 'string' ? [{ role: 'user' as const, content: input }] : input;
  for (const [at, item] of [...earlier, ...said].entries()) addItem(messages, item, at - earlier.length);
  const chat: Chat = { model: request.model, messages };
  const optional: Chat = {
    max_completion_tokens: request.max_output_tokens,
    temperature: request.temperature,
    top_p: request.top_p,
    reasoning_effort: reasoning?.effort,
    verbosity: text?.verbosity,
    parallel_tool_calls: tools?.length ? request.parallel_tool_calls : null,
    prompt_cache_key: request.prompt_cache_key,
    response_format: formatOf(text?.format),
    tools: tools?.length ? tools.map(({ type: _, ...described }) => ({ type: 'function', function: described })) : null,
    tool_choice: tools?.length ? choiceOf(request.tool_choice) : null,
    ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
  for (const [key, value] of Object.entries(optional)) if (value != null) chat[key] = value;
  return chat;
}

function formatOf(format: NonNullable<ResponsesRequest['text']>['format']): unknown {
  if (format == null || format.type === 'text') return null;
  if (format.type !== 'json_schema') return { type: format.type };
  const { type: _, ...described } = format;
  return { type: 'json_schema', json_schema: described };
}

function choiceOf(choice: ResponsesRequest['tool_choice']): unknown {
  if (choice == null || typeof choice === 'string') return choice;
  return choice.type === 'function' ? { type: 'function', function: { name: choice.name } } : 'auto';
}

/** Calls of tools belong to the message of the assistant that they follow. */
function addItem(messages: Chat[], item: ResponseItem, at: number): void {
  switch (item.type ?? 'message') {
    case 'message':
      messages.push(messageOf(item));
      return;
    case 'function_call': {
      const call = { id: item.call_id, type: 'function', function: { name: item.name, arguments: item.arguments } };
      const last = messages.at(-1);
      if (last?.role === 'assistant') last.tool_calls = [...((last.tool_calls as unknown[]) ?? []), call];
      else messages.push({ role: 'assistant', content: null, tool_calls: [call] });
      return;
    }
    case 'function_call_output':
      messages.push({ role: 'tool', tool_call_id: item.call_id, content: outputText(item.output) });
      return;
    case 'reasoning':
      // What the model thought is its own; providers do not take it back in chats.
      return;
    default: {
      const param = `input[${at}]`;
      throw new Problem('unsupported-parameter', `\`${param}\` is a \`${item.type}\`, which no backend here takes`, {
        param,
      });
    }
  }
}

function outputText(output: unknown): string {
  if (typeof output === 'string') return output;
  if (!Array.isArray(output)) return JSON.stringify(output ?? '');
  return output.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('');
}

function messageOf({ role = 'user', content }: ResponseItem): Chat {
  if (content == null || typeof content === 'string') return { role, content: content ?? '' };
  if (role === 'assistant')
    return { role, content: content.map(({ text, refusal }) => String(text ?? refusal ?? '')).join('') };
  const parts = content.map(partOf);
  const [first, ...others] = parts;
  return { role, content: others.length === 0 && first?.type === 'text' ? first.text : parts };
}

function partOf(part: { readonly type: string; readonly [member: string]: unknown }): Chat {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: part.text };
    case 'input_image':
      return {
        type: 'image_url',
        image_url: { url: part.image_url, ...(part.detail == null ? {} : { detail: part.detail }) },
      };
    case 'input_audio':
      return { type: 'input_audio', input_audio: part.input_audio };
    case 'input_file':
      return { type: 'file', file: { filename: part.filename, file_data: part.file_data } };
    default:
      return { ...part };
  }
}
