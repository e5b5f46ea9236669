import type { ChatRequest } from './chat-request.ts';
import { type Json, memberOf } from './read-sent.ts';
import { refuse } from './refuse.ts';

export interface SentThinking {
  readonly isOn: boolean;
  /** Tokens; 0 where there is no budget. */
  readonly budget: number;
  /** Claude's older thinking, whose blocks must stand before the calls that they led to. */
  readonly isBudgeted: boolean;
  readonly effort: string | null;
}

/** What providers call thinking, as the packages write it (2026-11). */
export function readThinking(settings: Json): SentThinking {
  const groups = ['thinking', 'thinkingConfig', 'reasoningConfig', 'reasoning', 'output_config'];
  const said: Json = Object.assign({}, ...groups.map((group) => memberOf(settings, group)));
  const budget = [said.budget_tokens, said.thinkingBudget, said.token_budget].find((one) => typeof one === 'number');
  const effort = [settings.reasoning_effort, said.effort, said.maxReasoningEffort, said.thinkingLevel].find(
    (one) => typeof one === 'string' && one !== 'none',
  );
  const isTyped = ['enabled', 'adaptive', 'between_tools'].includes(String(memberOf(settings, 'thinking').type));
  return {
    isOn: isTyped || effort !== undefined || Number(budget ?? 0) > 0,
    budget: Number(budget ?? 0),
    isBudgeted: said.budget_tokens !== undefined,
    effort: effort === undefined ? null : String(effort).toLowerCase(),
  };
}

const most = ['high', 'xhigh', 'max'];

/** Models have fewer efforts than clients: only the least and the most of a model stand for what lies beyond them. @throws Problem */
export function checkEffort(asked: ChatRequest['reasoning_effort'], { isOn, effort }: SentThinking): void {
  if (asked == null) return;
  if (asked === 'none') {
    if (isOn) throw refuse('reasoning_effort', 'this model always thinks');
    return;
  }
  if (!isOn) throw refuse('reasoning_effort', 'this model is not told how much to think');
  if (effort === null || effort === asked || (asked === 'minimal' && effort === 'low')) return;
  if (most.indexOf(asked) > 0 && most.includes(effort)) return;
  throw refuse('reasoning_effort', `this model would take it as \`${effort}\``);
}
