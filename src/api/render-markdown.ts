import { escapeHtml, renderPage } from './html.ts';

/** The Markdown that our generated problem pages use: headings, paragraphs, code spans. Nothing else is turned into HTML. */
export function renderMarkdown(markdown: string): string {
  const blocks = markdown.trim().split(/\n{2,}/);
  const title = blocks[0]?.replace(/^#\s+/, '') ?? 'Problem';
  return renderPage({ title: `${title} · Polity`, language: 'en', main: blocks.map(renderBlock).join('\n') });
}

function renderBlock(block: string): string {
  const heading = /^(#{1,3})\s+(.*)$/s.exec(block);
  if (heading) return `<h${heading[1]?.length}>${renderSpans(heading[2] ?? '')}</h${heading[1]?.length}>`;
  if (/^[-*] /.test(block)) {
    const items = block.split(/\n(?=[-*] )/).map((item) => `<li>${renderSpans(item.slice(2))}</li>`);
    return `<ul>${items.join('')}</ul>`;
  }
  return `<p>${renderSpans(block)}</p>`;
}

function renderSpans(text: string): string {
  return escapeHtml(text.replaceAll('\n', ' '))
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}
