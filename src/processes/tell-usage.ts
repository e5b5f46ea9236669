import { text } from 'node:stream/consumers';
import { describeIssuer } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { Problem } from '../kit/index.ts';
import {
  focusFile,
  focusWish,
  formatUsageTable,
  readUsageWish,
  type UsageFile,
  usageCsv,
  writeUsage,
} from '../record/index.ts';
import type { UsageStore } from '../record/ports.ts';
import type { UsageWish } from '../record/schema.ts';

export interface UsageTelling {
  readonly usage: UsageStore;
  readonly nowMs: number;
  readonly charter: Charter;
  readonly publicUrl: string;
}

type Asked = Readonly<Partial<Record<'from' | 'to' | 'every' | 'by' | 'tenant' | 'format', string>>>;

/** What `./polity usage` prints. @throws Problem that names the option */
export async function tellUsage(asked: Asked, telling: UsageTelling): Promise<{ readonly text: string }> {
  const { format = 'table', tenant, ...question } = asked;
  const wish = readUsageWish({ ...question, only: { tenant } }, telling.nowMs);
  const whole = async (file: UsageFile, wanted: UsageWish) => text(writeUsage(file, telling.usage.pages(wanted)));
  switch (format) {
    case 'table':
      return { text: formatUsageTable(await telling.usage.count(wish), wish) };
    case 'csv':
      return { text: await whole(usageCsv(wish), wish) };
    case 'json':
      return { text: JSON.stringify(await telling.usage.count(wish)) };
    case 'focus':
      return { text: await whole(focusFile(describeIssuer(telling.charter, telling.publicUrl)), focusWish(wish)) };
    default: {
      const detail = `\`--format\` takes \`table\`, \`csv\`, \`focus\` or \`json\`, not \`${format}\``;
      throw new Problem('invalid-request', detail, { param: 'format' });
    }
  }
}
