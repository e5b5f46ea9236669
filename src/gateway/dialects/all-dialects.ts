import type { Dialect } from '../dialect.ts';
import { anthropicCountTokens } from './anthropic-count-tokens.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiCompletions } from './openai-completions.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { openaiImageEdits } from './openai-image-edits.ts';
import { openaiImages } from './openai-images.ts';
import { openaiModerations } from './openai-moderations.ts';
import { openaiResponses } from './openai-responses.ts';
import { openaiSpeech } from './openai-speech.ts';
import { openaiTranscriptions, openaiTranslations } from './openai-transcriptions.ts';
import { quotedAnswers } from './quoted-answers.ts';
import { rerank } from './rerank.ts';

/** Every inference endpoint. */
export const dialects: readonly Dialect[] = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  openaiEmbeddings,
  rerank,
  openaiTranscriptions,
  openaiTranslations,
  openaiSpeech,
  openaiImages,
  openaiImageEdits,
  openaiModerations,
  anthropicMessages,
  anthropicCountTokens,
  quotedAnswers,
];
