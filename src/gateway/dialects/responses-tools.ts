/** Tools of a Responses request in the words of chat completions. */
import { type Chat, refused } from './responses-parts.ts';
import type { ResponsesRequest } from './responses-schema.ts';

type Tools = NonNullable<ResponsesRequest['tools']>;

/** What of a chat speaks of tools. @throws Problem that names what no backend here runs */
export function chatTools({ tools, tool_choice: choice }: ResponsesRequest): Chat {
  for (const [at, { type }] of (tools ?? []).entries())
    if (type !== 'function')
      throw refused(`tools[${at}]`, `is a \`${type}\`, which is not run here; tools of type \`function\` are`);
  if (!tools?.length) {
    if (choice == null || choice === 'auto' || choice === 'none') return {};
    throw refused('tool_choice', 'asks for a call, and `tools` is empty');
  }
  if (choice == null || typeof choice === 'string') return { tools: tools.map(chatTool), tool_choice: choice };
  if (choice.type === 'function')
    return { tools: tools.map(chatTool), tool_choice: { type: 'function', function: { name: choice.name } } };
  if (choice.type === 'allowed_tools')
    return { tools: allowed(tools, choice.tools).map(chatTool), tool_choice: choice.mode };
  throw refused('tool_choice', `asks for \`${choice.type}\`, which is not run here; tools of type \`function\` are`);
}

function chatTool({ type: _, ...described }: Tools[number]): Chat {
  const said = Object.entries(described).filter(([, value]) => value != null);
  return { type: 'function', function: Object.fromEntries(said) };
}

/** A chat knows no such list: the others are not sent. */
function allowed(tools: Tools, list: unknown): Tools {
  const names = (Array.isArray(list) ? list : []).map((one: { name?: unknown } | null, at) => {
    if (tools.some(({ name }) => name !== undefined && name === one?.name)) return one?.name;
    throw refused(`tool_choice.tools[${at}]`, 'is none of the functions in `tools`');
  });
  if (names.length === 0) throw refused('tool_choice.tools', 'is empty; with `tool_choice: "none"` no tool is called');
  return tools.filter(({ name }) => names.includes(name));
}
