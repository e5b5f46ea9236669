import { keep, readKept } from '../../shared/keep.ts';

/** What is compared, as the form holds it. Numbers are text until they are sent: half a number is no mistake yet. */
export interface ChatWish {
  readonly tenant: string;
  readonly purpose: string;
  /** Empty: the highest that the tenant handles. */
  readonly level: string;
  /** Two to four, in the order of the columns. */
  readonly models: readonly string[];
  readonly system: string;
  readonly prompt: string;
  readonly temperature: string;
  readonly maxTokens: string;
  readonly seed: string;
  readonly isJson: boolean;
}

const emptyWish: ChatWish = {
  tenant: '',
  purpose: '',
  level: '',
  models: [],
  system: '',
  prompt: '',
  temperature: '',
  maxTokens: '512',
  seed: '',
  isJson: false,
};

const NAME = 'polity.playground';

export function readDraft(): ChatWish {
  try {
    return { ...emptyWish, ...(JSON.parse(readKept(NAME) ?? '{}') as Partial<ChatWish>) };
  } catch {
    return emptyWish;
  }
}

export function keepDraft(wish: ChatWish): void {
  keep(NAME, JSON.stringify(wish));
}

/** The request for one column: what `/v1/chat/completions` takes. */
export function requestOf(wish: ChatWish, model: string): Record<string, unknown> {
  const { system, prompt, isJson } = wish;
  const numbers = {
    temperature: numberOf(wish.temperature),
    max_tokens: numberOf(wish.maxTokens),
    seed: numberOf(wish.seed),
  };
  return {
    model,
    messages: [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: prompt },
    ],
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== null)),
    ...(isJson ? { response_format: { type: 'json_object' } } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function numberOf(text: string): number | null {
  return text.trim() === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

/** For a terminal: the key is the reader's own. */
export function curlOf(wish: ChatWish, model: string): string {
  const body = JSON.stringify(requestOf(wish, model), null, 2).replaceAll("'", "'\\''");
  const level = wish.level === '' ? '' : `  -H 'x-polity-classification: ${wish.level}' \\\n`;
  return (
    `curl ${location.origin}/v1/chat/completions \\\n  -H "authorization: Bearer $POLITY_API_KEY" \\\n` +
    `  -H 'content-type: application/json' \\\n  -H 'x-polity-purpose: ${wish.purpose}' \\\n${level}  -d '${body}'`
  );
}
