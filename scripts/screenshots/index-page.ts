import { looks } from './looks.ts';
import type { ShownPage } from './shown-pages.ts';

/** docs/screenshots/README.md */
export function indexPage(pages: readonly ShownPage[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const picture = (page: ShownPage, look: (typeof looks)[number]) =>
    `[![${page.title}, ${look.title}](${page.name}-${look.name}.webp)](${page.name}-${look.name}.webp)`;
  return [
    '# Every page, in four looks',
    '',
    'Made by `npm run docs:screenshots` from an installation with the example charter; longer pages are cut. Nothing here is',
    'a statement or a service of a state.',
    '',
    row(['Page', ...looks.map(({ title }) => title)]),
    row(['---', ...looks.map(() => '---')]),
    ...pages.map((page) => row([page.title, ...looks.map((look) => picture(page, look))])),
    '',
  ].join('\n');
}
