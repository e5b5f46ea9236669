/**
 * The claim: pages are light and answer at once on a weak machine. First load in bytes, the slowest interaction, and a
 * conversation of 500 messages, in a real browser on a whole installation. `npm run bench:web`
 */
import { cpus, loadavg } from 'node:os';
import { openPage, openUsedService } from '../test/web/open-service.ts';
import { firstLoadBytes } from './web/first-load.ts';
import { measureLongConversation } from './web/long-conversation.ts';
import { measureInteractions } from './web/walk-interactions.ts';

/** DESIGN.md, bars: HTML, CSS and script of a first load, gzip. */
const FIRST_LOAD = { most: 200, unit: 'kB' };
const INTERACTION = { most: 100, unit: 'ms' };
/** Three frames of a screen with 60 a second. */
const FRAME = { most: 50, unit: 'ms' };

interface Row {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly holds: boolean;
}

const service = await openUsedService();
const rows: Row[] = [];
function note(what: string, value: number, { most, unit }: typeof INTERACTION): void {
  rows.push({ what, measured: `${value.toFixed(1)} ${unit}`, bar: `${most} ${unit}`, holds: value <= most });
}

try {
  for (const path of ['/', service.conversation, '/record', '/console']) {
    const { context, page } = await openPage(service, { theme: 'light', language: 'et' });
    const bytes = await firstLoadBytes(page, path);
    const name = path === service.conversation ? 'a conversation' : path;
    note(`first load of ${name}`, bytes / 1000, FIRST_LOAD);
    await context.close();
  }
  for (const [what, ms] of await measureInteractions(service)) note(what, ms, INTERACTION);
  const long = await measureLongConversation(service);
  note('500 messages: worst interaction', long.interactionMs, INTERACTION);
  note('500 messages: frame while scrolling, p95', long.frameP95Ms, FRAME);
  console.table(rows);
  console.log(`500 messages are shown ${(long.shownMs / 1000).toFixed(1)} s after the address was opened`);
  console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? ''}, load ${loadavg()[0]?.toFixed(1)}`);
  if (rows.some(({ holds }) => !holds)) process.exitCode = 1;
} finally {
  await service.close();
}
