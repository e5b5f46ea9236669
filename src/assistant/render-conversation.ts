import type { ConversationView, QuotedAnswer, TurnView } from './schema.ts';

/**
 * A conversation as Markdown for a person to keep. The file has no language of its own: beside the words of both sides
 * it has times, addresses and the names of fields, so that it reads the same in every language.
 */
export function renderConversation(view: ConversationView): string {
  const head = `# ${oneLine(view.title)}\n\n${view.createdAt} – ${view.updatedAt}\n`;
  return [head, ...view.turns.map(renderTurn)].join('\n');
}

function renderTurn(turn: TurnView): string {
  const answer = turn.quoted !== null ? renderQuoted(turn.quoted) : (turn.text ?? '').trim();
  const reasons = [
    ...(turn.refusal?.clauses ?? []).map(({ id, legalBasis }) => `- \`${id}\`: ${legalBasis}`),
    ...(turn.failure === null ? [] : [`- \`${turn.failure.code}\`: ${turn.failure.detail}`]),
  ];
  const facts = [
    turn.createdAt,
    `\`${turn.mode}\``,
    `\`${turn.state}\``,
    ...(turn.receiptId === null ? [] : [`\`/v1/receipts/${turn.receiptId}\``]),
    ...(turn.contested === null ? [] : [`\`${turn.contested.number}\``]),
  ];
  const parts = [
    `## ${oneLine(turn.question)}`,
    quoteLonger(turn.question),
    answer,
    reasons.join('\n'),
    facts.join(' · '),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function renderQuoted({ passages, office }: QuotedAnswer): string {
  const quotes = passages.map((passage) => {
    const laws = passage.law.map(({ act, section, url }) => `${act}${section === null ? '' : ` ${section}`} <${url}>`);
    const source = [`${passage.authority}, <${passage.link}>`, ...laws, `\`${passage.provenance}\``, passage.checked];
    return `${quote(passage.text)}\n>\n> — ${source.filter((part) => part !== null).join(' · ')}`;
  });
  if (quotes.length > 0) return quotes.join('\n\n');
  return office === null ? '' : `${office.name} <${office.link}>`;
}

/** The heading has a question on one line; one that had more is repeated as it was. */
function quoteLonger(question: string): string {
  return question.trim().includes('\n') ? quote(question) : '';
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/gu, ' ');
}
