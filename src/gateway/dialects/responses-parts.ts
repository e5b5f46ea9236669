/** Parts of what is said in Responses, in the words of chat completions. What a chat cannot hold is refused by its place. */
import { Problem } from '../../kit/index.ts';

export type Chat = Record<string, unknown>;

export interface Part {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** @throws Problem that names the part: `at` is its place, such as `input[0].content[1]` */
export function chatPart(part: Part, at: string): Chat {
  switch (part.type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: textOf(part, at), ...markOf(part) };
    case 'input_image':
      return imagePart(part, at);
    case 'input_audio':
      return { type: 'input_audio', input_audio: part.input_audio, ...markOf(part) };
    case 'input_file':
      return filePart(part, at);
    case 'image_url':
    case 'file':
      return { ...part };
    default:
      throw refused(at, `is a \`${part.type}\`, which no backend here takes; leave it out`);
  }
}

/** What the model said itself. */
export function saidText(part: Part, at: string): string {
  if (part.type === 'refusal') return String(part.refusal ?? '');
  if (!['output_text', 'input_text', 'text'].includes(part.type))
    throw refused(at, `is a \`${part.type}\`, which a message of the assistant cannot hold; leave it out`);
  return textOf(part, at);
}

function textOf({ text }: Part, at: string): string {
  if (typeof text === 'string') return text;
  throw new Problem('invalid-request', `\`${at}.text\` is not a text`, { param: `${at}.text` });
}

/** Where a provider's prompt cache may end: the same word in both APIs. */
function markOf({ prompt_cache_breakpoint: mark }: Part): Chat {
  return mark == null ? {} : { prompt_cache_breakpoint: mark };
}

const DETAILS: readonly unknown[] = ['auto', 'low', 'high'];

function imagePart(part: Part, at: string): Chat {
  const { image_url: url, detail, file_id: file } = part;
  if (file != null) throw refused(`${at}.file_id`, 'names a file; send the image in `image_url`, as a data URL');
  if (typeof url !== 'string') throw refused(`${at}.image_url`, 'is missing; send the image there, as a data URL');
  if (detail != null && !DETAILS.includes(detail))
    throw refused(`${at}.detail`, 'is none of `auto`, `low` and `high`, which are what a backend can be asked for');
  return { type: 'image_url', image_url: { url, ...(detail == null ? {} : { detail }) }, ...markOf(part) };
}

function filePart(part: Part, at: string): Chat {
  const { file_data: data, filename } = part;
  for (const name of ['file_id', 'file_url'])
    if (part[name] != null)
      throw refused(`${at}.${name}`, 'names a file that is elsewhere; send its bytes in `file_data`, as a data URL');
  if (typeof data !== 'string')
    throw refused(at, 'has no `file_data`; send the bytes of the file there, as a data URL');
  return { type: 'file', file: { ...(filename == null ? {} : { filename }), file_data: data }, ...markOf(part) };
}

export function refused(param: string, why: string): Problem {
  return new Problem('unsupported-parameter', `\`${param}\` ${why}`, { param });
}
