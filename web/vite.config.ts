import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const FIRST_FONT = /commissioner-latin-wght-normal-.*\.woff2$/;

/** The letters of nearly every page are asked for with the page, not after its style. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler(_, { bundle }) {
      const font = Object.keys(bundle ?? {}).find((name) => FIRST_FONT.test(name));
      if (font === undefined) throw new Error('the first font is not in the bundle');
      const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `/${font}` };
      return [{ tag: 'link', attrs, injectTo: 'head' }];
    },
  },
};

/** The whole of the web: one page, chunks by surface and by language, no address of anybody else. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  publicDir: false,
  plugins: [preloadFont],
  oxc: { jsx: { runtime: 'automatic' } },
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // An inlined font or picture would be a `data:` address that the content policy forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // `"use client"` of packages that also render on servers says nothing here.
      onLog(level, log, report) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
    chunkSizeWarningLimit: 2_000,
  },
});
