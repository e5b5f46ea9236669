import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createServer, type ViteDevServer } from 'vite';

let vite: ViteDevServer;
let Markdown: FunctionComponent<{ text: string }>;

before(async () => {
  vite = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    appType: 'custom',
    logLevel: 'silent',
    server: { middlewareMode: true, watch: null, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  ({ Markdown } = (await vite.ssrLoadModule('/assistant/markdown.tsx')) as { Markdown: typeof Markdown });
});

after(() => vite.close());

const shown = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

test('HTML is shown as the text that it is, in blocks and in sentences', () => {
  assert.equal(shown('<script>alert(1)</script>'), '<p dir="auto">&lt;script&gt;alert(1)&lt;/script&gt;</p>');
  const said = shown('a <img src=x onerror=alert(1)> b\n\n<div onclick="x()">\n\n> <b>c</b>\n\n- <i>d</i>');
  assert.doesNotMatch(said, /<(img|div|b|i|script)\b/);
});

test('links lead only into the web, without telling where from', () => {
  const link = shown('[a](https://www.eesti.ee/)');
  assert.match(link, /<a href="https:\/\/www\.eesti\.ee\/" rel="noopener noreferrer nofollow" target="_blank">a<\/a>/);
  for (const address of ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', '/api/export'])
    assert.doesNotMatch(shown(`[a](${address}) <${address}>`), /<a\b/, address);
});

test('no picture is loaded: its words and its address are shown', () => {
  const said = shown('![a map](https://example.org/m.png)');
  assert.doesNotMatch(said, /<img/);
  assert.match(said, /a map \(https:\/\/example\.org\/m\.png\)/);
});

test('every block finds its own direction', () => {
  const said = shown('مرحبا\n\nTere\n\n- 1\n\n> q\n\n| a |\n| - |\n| b |');
  for (const name of ['p', 'li', 'blockquote', 'td']) assert.match(said, new RegExp(`<${name} dir="auto"`), name);
});

test('entities are decoded once: an escaped tag stays text', () => {
  assert.equal(shown('&lt;b&gt; & x'), '<p dir="auto">&lt;b&gt; &amp; x</p>');
});
