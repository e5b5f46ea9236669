import {
  type ChatHistoryItem,
  type ChatWrapper,
  JinjaTemplateChatWrapper,
  type LlamaModel,
  resolveChatWrapper,
  type Token,
} from 'node-llama-cpp';

export interface PromptTemplate {
  /** The tokens of a conversation up to where the answer begins. What people wrote never becomes a control token. */
  render(history: readonly ChatHistoryItem[]): Token[];
  /** Tokens that end an answer, besides those that the file marks as ends. */
  readonly ends: ReadonlySet<Token>;
}

/**
 * The chat template that stands in the model file, system prompt and all: without a system message the starter's
 * template sets its developer's own. The engine's ready-made ChatML would not, and begins with one token too many.
 */
export function readTemplate(model: LlamaModel): PromptTemplate {
  const wrapper = templateOf(model);
  const { stopGenerationTriggers } = wrapper.generateContextState({ chatHistory: [{ type: 'user', text: 'a' }] });
  const firsts = stopGenerationTriggers.map((trigger) => trigger.tokenize(model.tokenizer)[0]);
  return {
    render: (history) =>
      wrapper
        .generateContextState({ chatHistory: [...history, { type: 'model', response: [] }] })
        .contextText.tokenize(model.tokenizer),
    ends: new Set(firsts.filter((token) => token !== undefined && model.isSpecialToken(token)) as Token[]),
  };
}

function templateOf(model: LlamaModel): ChatWrapper {
  const template = model.fileInfo.metadata?.tokenizer?.chat_template;
  if (template !== undefined) {
    for (const joinAdjacentMessagesOfTheSameType of [false, true]) {
      try {
        return new JinjaTemplateChatWrapper({
          template,
          tokenizer: model.tokenizer,
          joinAdjacentMessagesOfTheSameType,
          trimLeadingWhitespaceInResponses: false,
        });
      } catch {
        // Some templates accept only turns that alternate; then neighbours are joined, and after that the engine decides.
      }
    }
  }
  const wrapper = resolveChatWrapper(model);
  if (wrapper === null) throw new Error('the model file has no chat template');
  return wrapper;
}
