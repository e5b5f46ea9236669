import type { LlamaContextSequence, LlamaModel, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { ChatInput } from './chat-input.ts';
import { TextFlow } from './text-flow.ts';

export interface Generated {
  readonly text: string;
  readonly finishReason: 'stop' | 'length';
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export interface GenerateHooks {
  readonly signal: AbortSignal;
  onText(text: string): void;
}

export interface Turn extends GenerateHooks {
  readonly model: LlamaModel;
  readonly input: ChatInput;
  readonly prompt: readonly Token[];
  readonly ends: ReadonlySet<Token>;
  /** How many tokens of a prompt to read at once, asked before each piece: it depends on who else is there. */
  pieceTokens(): number;
}

/** The engine's own limit to the most likely tokens; it keeps small models from words that do not exist. */
const TOP_K = 40;
const SEED_LIMIT = 2 ** 32;
/** An abort waits for the end of a step. On a busy machine the pieces of a prompt become smaller, so that it stays short. */
const STEP_MS = 300;
const PIECE_FIRST_TOKENS = 16;
const PIECE_LEAST_TOKENS = 4;

/** Reads the prompt and writes the answer, one step at a time, so that an abort ends it after at most one step. Null: aborted. */
export async function generateAnswer(sequence: LlamaContextSequence, turn: Turn): Promise<Generated | null> {
  try {
    const last = await readPrompt(sequence, turn);
    return last === null ? null : await writeAnswer(sequence, last, turn);
  } catch (cause) {
    // Nobody knows what the engine's memory of this conversation holds now.
    await sequence.clearHistory();
    throw cause;
  }
}

/** Everything but the last token, whose reading gives the first of the answer. */
async function readPrompt(sequence: LlamaContextSequence, turn: Turn): Promise<Token | null> {
  const { prompt, input } = turn;
  const last = prompt.at(-1);
  if (last === undefined) throw new Error('the chat template made no prompt');
  const before = prompt.slice(0, -1);
  // What was read for another turn may differ in the last digits: who asks for the same answer again gets a fresh start.
  if (isReproducible(input)) await sequence.clearHistory();
  else await sequence.adaptStateToTokens(before, false);
  let most = PIECE_FIRST_TOKENS;
  for (let at = sequence.nextTokenIndex; at < before.length; at = sequence.nextTokenIndex) {
    if (turn.signal.aborted) return null;
    const piece = before.slice(at, at + Math.min(turn.pieceTokens(), most));
    const startedMs = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(piece);
    const tookMs = Math.max(1, performance.now() - startedMs);
    most = Math.max(PIECE_LEAST_TOKENS, Math.floor((piece.length * STEP_MS) / tookMs));
  }
  return turn.signal.aborted ? null : last;
}

function isReproducible({ temperature, seed }: ChatInput): boolean {
  return temperature === 0 || seed !== null;
}

async function writeAnswer(sequence: LlamaContextSequence, last: Token, turn: Turn): Promise<Generated | null> {
  const { model, input, prompt } = turn;
  const room = Math.min(input.maxTokens ?? Number.POSITIVE_INFINITY, sequence.contextSize - prompt.length);
  const flow = new TextFlow<Token>((tokens, before) => model.detokenize(tokens, false, before), input.stops);
  const made: Token[] = [];
  let text = '';
  let finishReason: Generated['finishReason'] = 'length';
  const show = (more: string) => {
    text += more;
    if (more !== '') turn.onText(more);
  };
  for await (const token of sequence.evaluate([last], samplingOf(input, made))) {
    if (turn.signal.aborted) return null;
    const isEnd = model.isEogToken(token) || turn.ends.has(token);
    if (!isEnd) {
      made.push(token);
      show(flow.push(token));
    }
    if (isEnd || flow.stopped) {
      finishReason = 'stop';
      break;
    }
    if (made.length >= room) break;
  }
  show(flow.end());
  if (flow.stopped) finishReason = 'stop';
  return { text, finishReason, promptTokens: prompt.length, completionTokens: made.length };
}

function samplingOf(input: ChatInput, made: Token[]): SequenceEvaluateOptions {
  const { temperature, topP, frequencyPenalty, presencePenalty } = input;
  const seed = input.seed === null ? Math.floor(Math.random() * SEED_LIMIT) : seedOf(input.seed);
  const isPenalised = frequencyPenalty !== 0 || presencePenalty !== 0;
  return {
    temperature,
    topP,
    topK: TOP_K,
    seed,
    yieldEogToken: true,
    ...(isPenalised
      ? { repeatPenalty: { punishTokens: () => made, penalty: 1, frequencyPenalty, presencePenalty } }
      : {}),
  };
}

/** The engine takes 32 bits; OpenAI's seeds are any whole numbers. */
function seedOf(seed: number): number {
  return ((seed % SEED_LIMIT) + SEED_LIMIT) % SEED_LIMIT;
}
