import { type ChatHistoryItem, type LlamaModel, resolveChatWrapper, type Token } from 'node-llama-cpp';

export interface PromptTemplate {
  /** The tokens of a conversation up to where the answer begins. What people wrote never becomes a control token. */
  render(history: readonly ChatHistoryItem[]): Token[];
  /** Tokens that end an answer, besides those that the file marks as ends. */
  readonly ends: ReadonlySet<Token>;
}

/**
 * The chat format of the model file's template, resolved once: for each conversation anew it would cost 150 ms.
 * One thing of a ChatML template is left out: the system message that it invents where the caller sent none. Nobody
 * would see it, the charter does not name it, and the starter answers worse with it (docs/decisions/0014).
 */
export function readTemplate(model: LlamaModel): PromptTemplate {
  const wrapper = resolveChatWrapper(model);
  if (wrapper === null) throw new Error('the model file has no chat template');
  const { stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: [{ type: 'user', text: 'a' }] });
  const firsts = stopGenerationTriggers.map((trigger) => trigger.tokenize(model.tokenizer)[0]);
  return {
    render: (history) => {
      const chatHistory = [...history, { type: 'model' as const, response: [] }];
      return withoutSecondStart(
        wrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer),
        model,
      );
    },
    ends: new Set(firsts.filter((token) => token !== undefined && model.isSpecialToken(token)) as Token[]),
  };
}

/** The engine begins every ChatML prompt with the start token, also where the file says not to and the text has it. */
function withoutSecondStart(tokens: Token[], { tokens: special }: LlamaModel): Token[] {
  const isDoubled = !special.shouldPrependBosToken && tokens[0] === special.bos && tokens[1] === special.bos;
  return isDoubled ? tokens.slice(1) : tokens;
}
