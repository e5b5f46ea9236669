import type { ChatRequest } from './chat-request.ts';
import type { CallOptions, Driver } from './driver.ts';
import { refuse } from './refuse.ts';

type Tool = NonNullable<ChatRequest['tools']>[number];
type ToolSettings = Pick<CallOptions, 'tools' | 'toolChoice' | 'providerOptions'>;

/** @throws Problem where past calls and a choice of none do not go together */
export function toolSettings(request: ChatRequest, driver: Driver): ToolSettings {
  const { tools, tool_choice: choice } = request;
  const past = driver.forbidCalls === undefined ? [] : pastTools(request);
  if (past.length > 0 && (!tools?.length || choice === 'none')) return besidePast(request, { past, driver });
  if (!tools?.length) return {};
  const declared = { tools: tools.map(declare) };
  if (choice == null) return declared;
  const toolChoice =
    typeof choice === 'string' ? { type: choice } : { type: 'tool' as const, toolName: choice.function.name };
  return { ...declared, toolChoice };
}

/** No tool may be called, but those that were called must stay declared. */
function besidePast(
  { tools, tool_choice: choice, model }: ChatRequest,
  { past, driver }: { past: readonly Tool[]; driver: Driver },
): ToolSettings {
  const forbidding = driver.forbidCalls?.(model) ?? null;
  if (choice === 'none' && forbidding === null)
    throw refuse('tool_choice', 'beside earlier calls this model cannot be told to call none');
  return {
    tools: (tools?.length ? tools : past).map(declare),
    ...(forbidding === null ? {} : { providerOptions: forbidding }),
  };
}

/** Tools that were called, as far as their calls tell. */
function pastTools({ messages }: ChatRequest): Tool[] {
  const names = new Set<string>();
  for (const message of messages)
    if (message.role === 'assistant') for (const call of message.tool_calls ?? []) names.add(call.function.name);
  return [...names].map((name) => ({ type: 'function', function: { name } }));
}

function declare({ function: { name, description, parameters, strict } }: Tool) {
  return {
    type: 'function' as const,
    name,
    inputSchema: parameters == null ? { type: 'object' as const, properties: {} } : typed(parameters),
    ...(description == null ? {} : { description }),
    ...(strict == null ? {} : { strict }),
  };
}

/** Parameters are members of an object, also where nobody says so. */
function typed(parameters: Readonly<Record<string, unknown>>) {
  return { type: 'object' as const, ...parameters };
}
