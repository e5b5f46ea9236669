import type { Dialect } from '../dialect.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { openaiChat } from './openai-chat.ts';
import { quotedAnswers } from './quoted-answers.ts';

/** Every inference endpoint. */
export const dialects: readonly Dialect[] = [openaiChat, anthropicMessages, quotedAnswers];
