import type { ChatMessage, ChatPart } from './chat-request.ts';
import type { Driver, Prompt } from './driver.ts';
import { refuse } from './refuse.ts';

type UserContent = Extract<Prompt[number], { role: 'user' }>['content'];
type Part = UserContent[number];

/** Text and files, as the packages take them. @throws Problem */
export function readParts(content: ChatMessage['content'], driver: Driver): Part[] {
  if (content == null) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) => readPart(part, driver));
}

/** @throws Problem when there is more than text */
export function readText(content: ChatMessage['content']): string {
  if (content == null) return '';
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (part.type === 'text') return part.text;
      if (part.type === 'refusal') return part.refusal;
      throw refuse('messages', `a part of type ${part.type} in a message that is text alone`);
    })
    .join('');
}

function readPart(part: ChatPart, driver: Driver): Part {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'text', text: part.refusal };
    case 'image_url':
      return readImage(part.image_url.url, driver);
    case 'input_audio': {
      const { data, format } = part.input_audio;
      const mediaType = `audio/${format === 'mp3' ? 'mpeg' : format}`;
      return { type: 'file', mediaType, data: { type: 'data', data } };
    }
    case 'file': {
      const { file_data: text, filename } = part.file;
      const read = text === undefined ? null : readDataUrl(text);
      if (read === null) throw refuse('file', 'send its bytes as a data URL in `file_data`');
      return { type: 'file', ...read, ...(filename === undefined ? {} : { filename }) };
    }
  }
}

function readImage(text: string, driver: Driver): Part {
  const read = readDataUrl(text);
  if (read !== null) return { type: 'file', ...read };
  if (!driver.takesImageUrls || !/^https:\/\//i.test(text) || !URL.canParse(text))
    throw refuse('image_url', driver.takesImageUrls ? 'a data URL or an https address' : 'send it as a data URL');
  const url = new URL(text);
  const [, ending = ''] = /\.(\w+)$/.exec(url.pathname.toLowerCase()) ?? [];
  return { type: 'file', mediaType: `image/${imageKinds[ending] ?? '*'}`, data: { type: 'url', url } };
}

/** Google wants to be told; without one of these endings it refuses. */
const imageKinds: Readonly<Record<string, string>> = {
  png: 'png',
  jpg: 'jpeg',
  jpeg: 'jpeg',
  gif: 'gif',
  webp: 'webp',
};

function readDataUrl(text: string): { mediaType: string; data: { type: 'data'; data: string } } | null {
  const comma = text.indexOf(',');
  const [, mediaType] =
    /^data:([\w.+-]+\/[\w.+-]+)(?:;[\w=.-]+)*;base64$/i.exec(text.slice(0, Math.max(0, comma))) ?? [];
  if (mediaType === undefined) return null;
  return { mediaType: mediaType.toLowerCase(), data: { type: 'data', data: text.slice(comma + 1) } };
}
