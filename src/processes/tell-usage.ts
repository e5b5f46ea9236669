import { describeIssuer } from '../charter/index.ts';
import type { Charter } from '../charter/schema.ts';
import { Problem } from '../kit/index.ts';
import { focusWish, formatFocus, formatUsageCsv, formatUsageTable, readUsageWish } from '../record/index.ts';
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
  const count = (wanted: UsageWish) => telling.usage.count(wanted);
  switch (format) {
    case 'table':
      return { text: formatUsageTable(await count(wish), wish) };
    case 'csv':
      return { text: formatUsageCsv(await count(wish), wish) };
    case 'json':
      return { text: JSON.stringify(await count(wish)) };
    case 'focus':
      return { text: formatFocus(await count(focusWish(wish)), describeIssuer(telling.charter, telling.publicUrl)) };
    default: {
      const detail = `\`--format\` takes \`table\`, \`csv\`, \`focus\` or \`json\`, not \`${format}\``;
      throw new Problem('invalid-request', detail, { param: 'format' });
    }
  }
}
