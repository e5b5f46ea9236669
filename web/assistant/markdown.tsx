import type { Token, Tokens } from 'marked';
import { Fragment, memo, type ReactNode, useState } from 'react';
import { decodeEntities } from './decode-entities.ts';
import { growBlocks, safeAddress, splitBlocks } from './split-blocks.ts';

/** What a model wrote. HTML in it is shown as the text that it is; no picture is loaded, no address is opened by itself. */
export function Markdown({ text }: { readonly text: string }) {
  // While a text grows, what stood before is not read again.
  const [known, setKnown] = useState(() => ({ text, blocks: splitBlocks(text) }));
  const shown = known.text === text ? known : { text, blocks: growBlocks(known.blocks, text) };
  if (shown !== known) setKnown(shown);
  return shown.blocks.map(({ at, raw, token }) => <OneBlock key={at} raw={raw} token={token} />);
}

/** While a text grows only its last block is drawn again. */
const OneBlock = memo(
  ({ token }: { readonly raw: string; readonly token: Token }) => blockOf(token),
  (before, after) => before.raw === after.raw,
);

function blockOf(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return (
        <p dir="auto">
          <strong>{inlines(token.tokens)}</strong>
        </p>
      );
    case 'paragraph':
    case 'text':
      return <p dir="auto">{inlines(token.tokens) ?? token.raw}</p>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <pre dir="ltr" tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'list':
      return listOf(token as Tokens.List);
    case 'blockquote':
      return <blockquote dir="auto">{(token.tokens ?? []).map(keyedBlock)}</blockquote>;
    case 'table':
      return tableOf(token as Tokens.Table);
    case 'hr':
      return <hr />;
    default:
      return <p dir="auto">{token.raw}</p>;
  }
}

function keyedBlock(token: Token, position: number): ReactNode {
  return token.type === 'space' ? null : <Fragment key={position}>{blockOf(token)}</Fragment>;
}

function listPart(token: Token, position: number): ReactNode {
  if (token.type !== 'text') return keyedBlock(token, position);
  return <Fragment key={position}>{inlines(token.tokens) ?? token.raw}</Fragment>;
}

function listOf({ ordered, start, items }: Tokens.List): ReactNode {
  const children = items.map((item, position) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items only ever follow one another
    <li key={position} dir="auto">
      {item.tokens.map(listPart)}
    </li>
  ));
  return ordered ? <ol start={start === '' ? 1 : start}>{children}</ol> : <ul>{children}</ul>;
}

function tableOf({ header, rows }: Tokens.Table): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <div className="scroll" tabIndex={0}>
      <table>
        <thead>
          <tr>{header.map((cell, place) => cellOf('th', cell, place))}</tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever follow one another
            <tr key={place}>{row.map((cell, column) => cellOf('td', cell, column))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellOf(Name: 'th' | 'td', { tokens }: Tokens.TableCell, place: number): ReactNode {
  return (
    <Name key={place} dir="auto">
      {inlines(tokens)}
    </Name>
  );
}

function inlines(tokens: readonly Token[] | undefined): ReactNode[] | null {
  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence never change their order
  return tokens?.map((token, position) => <Fragment key={position}>{inlineOf(token)}</Fragment>) ?? null;
}

function inlineOf(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code dir="ltr">{token.text}</code>;
    case 'br':
      return <br />;
    case 'link':
      return linkOf(token as Tokens.Link);
    case 'image':
      return `${token.text} (${token.href})`;
    case 'text':
      return inlines(token.tokens) ?? decodeEntities(token.text);
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

function linkOf({ href, tokens, raw }: Tokens.Link): ReactNode {
  const address = safeAddress(href);
  if (address === null) return raw;
  return (
    <a href={address} rel="noopener noreferrer nofollow" target="_blank">
      {inlines(tokens)}
    </a>
  );
}
