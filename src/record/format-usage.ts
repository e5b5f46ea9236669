import type { Measured } from '../kit/index.ts';
import { formatLines } from './format-csv.ts';
import { co2Of, energyOf } from './measure-usage.ts';
import type { Issuer } from './ports.ts';
import { type UsageGroup, type UsageRow, type UsageWish, usageGroups } from './schema.ts';

const MILLION = 1e6;
const counts = ['requests', 'retries', 'refused', 'failed', 'tokensIn', 'tokensOut', 'counted'] as const;
const words: Readonly<Record<(typeof counts)[number], string>> = {
  requests: 'requests',
  retries: 'retries',
  refused: 'refused',
  failed: 'failed',
  tokensIn: 'tokens_in',
  tokensOut: 'tokens_out',
  counted: 'counted_by_us',
};

/** A file that is written as its rows are read: a header, and lines for some of them at a time. */
export interface UsageFile {
  readonly header: string;
  lines(rows: readonly UsageRow[]): string;
}

/** The pieces of a file, from pages of its rows. */
export async function* writeUsage(file: UsageFile, pages: AsyncIterable<readonly UsageRow[]>): AsyncGenerator<string> {
  yield file.header;
  for await (const rows of pages) yield file.lines(rows);
}

/** One line for each row; amounts in whole units of the currency, watt-hours and grams. */
export function usageCsv({ daily, groups }: UsageWish): UsageFile {
  const header = [
    ...(daily ? ['day'] : []),
    ...groups,
    ...counts.map((count) => words[count]),
    'money',
    'currency',
    'energy_wh',
    'co2_grams',
    'tokens_without_energy',
    'tokens_without_co2',
  ];
  const cellsOf = (row: UsageRow) => [
    ...(daily ? [row.day] : []),
    ...groups.map((group) => row.group[group] ?? ''),
    ...counts.map((count) => row[count]),
    row.moneyMicros / MILLION,
    row.currency,
    energyOf(row).value,
    co2Of(row).value,
    row.tokensWithoutEnergy,
    row.tokensWithoutCo2,
  ];
  return { header: formatLines([header]), lines: (rows) => formatLines(rows.map(cellsOf)) };
}

/** For people: the widest cells decide, numbers stand to the right. */
export function formatUsageTable(rows: readonly UsageRow[], wish: UsageWish): string {
  if (rows.length === 0) return `nothing was used from ${wish.from} to ${wish.to}`;
  const names = [...(wish.daily ? ['day'] : []), ...wish.groups];
  const header = [
    ...names,
    'requests',
    'retries',
    'refused',
    'failed',
    'tokens in',
    'tokens out',
    'money',
    'Wh',
    'g CO2',
  ];
  const lines = rows.map((row) => [
    ...(wish.daily ? [row.day ?? ''] : []),
    ...wish.groups.map((group) => row.group[group] || '-'),
    ...[row.requests, row.retries, row.refused, row.failed, row.tokensIn, row.tokensOut].map(String),
    `${(row.moneyMicros / MILLION).toFixed(6)} ${row.currency}`,
    amountOf(energyOf(row)),
    amountOf(co2Of(row)),
  ]);
  const widths = header.map((name, at) => Math.max(name.length, ...lines.map((line) => line[at]?.length ?? 0)));
  const pad = (cell: string, at: number) =>
    at < names.length ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return [header, ...lines].map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** `-` where nobody knows it, `>` before a sum that lacks a part. */
function amountOf({ value, isWhole }: Measured): string {
  return value === null ? '-' : `${isWhole ? '' : '>'}${value.toFixed(3)}`;
}

/** What a FOCUS file needs: days and everything told apart. */
export function focusWish(wish: UsageWish): UsageWish {
  return { ...wish, daily: true, groups: usageGroups };
}

const focusHeader = [
  ...['BilledCost', 'BillingAccountId', 'BillingAccountName', 'BillingAccountType', 'BillingCurrency'],
  ...[
    'BillingPeriodEnd',
    'BillingPeriodStart',
    'ChargeCategory',
    'ChargeClass',
    'ChargeDescription',
    'ChargeFrequency',
  ],
  ...['ChargePeriodEnd', 'ChargePeriodStart', 'ConsumedQuantity', 'ConsumedUnit', 'ContractedCost', 'EffectiveCost'],
  ...['InvoiceIssuerName', 'ListCost', 'PricingCategory', 'PricingQuantity', 'PricingUnit', 'ProviderName'],
  ...['PublisherName', 'RegionId', 'RegionName', 'ResourceId', 'ResourceName', 'ResourceType', 'ServiceCategory'],
  ...['ServiceName', 'ServiceSubcategory', 'SkuId', 'SkuPriceId', 'SubAccountId', 'SubAccountName', 'SubAccountType'],
  ...['Tags', 'x_Co2Grams', 'x_CountedRequests', 'x_EnergyWh', 'x_Requests', 'x_Retries', 'x_TokensIn', 'x_TokensOut'],
];

/**
 * FinOps Open Cost and Usage Specification 1.2 (2025-05, https://focus.finops.org/focus-specification/v1-2/): a charge for each
 * day, tenant, project, key, purpose, model and backend. Nothing is discounted here, so that all four costs are one. Rows
 * without tokens, such as refusals, are no charges and left out.
 */
export function focusFile(issuer: Issuer): UsageFile {
  const isCharge = (row: UsageRow) => row.tokensIn + row.tokensOut + row.moneyMicros > 0;
  const cellsOf = (row: UsageRow) => {
    const cells = focusCells(row, issuer);
    return focusHeader.map((name) => cells[name] ?? null);
  };
  return { header: formatLines([focusHeader]), lines: (rows) => formatLines(rows.filter(isCharge).map(cellsOf)) };
}

type Cells = Readonly<Record<string, string | number | null>>;

function focusCells(row: UsageRow, issuer: Issuer): Cells {
  const { tenant = '', model = '', backend = '' } = row.group;
  const cost = row.moneyMicros / MILLION;
  const tokens = row.tokensIn + row.tokensOut;
  return {
    ...{ BilledCost: cost, ContractedCost: cost, EffectiveCost: cost, ListCost: cost, BillingCurrency: row.currency },
    ...{ BillingAccountId: issuer.id, BillingAccountName: issuer.name, BillingAccountType: 'installation' },
    ...periodsOf(row.day ?? ''),
    ...{ ChargeCategory: 'Usage', ChargeClass: null, ChargeFrequency: 'Usage-Based' },
    ChargeDescription: `${tokens} tokens of ${model === '' ? 'quoted passages' : model} at ${backend}`,
    ...{ ConsumedQuantity: tokens, ConsumedUnit: 'Tokens', PricingQuantity: tokens, PricingUnit: 'Tokens' },
    ...{ PricingCategory: 'Standard', SkuId: model || backend, SkuPriceId: `${model || backend}@${backend}` },
    ...{ InvoiceIssuerName: issuer.name, ProviderName: issuer.name, PublisherName: row.operator || issuer.name },
    ...{ RegionId: row.site, RegionName: row.site },
    ...{ ResourceId: backend, ResourceName: backend, ResourceType: 'backend' },
    ...{
      ServiceCategory: 'AI and Machine Learning',
      ServiceSubcategory: 'Generative AI',
      ServiceName: model || 'quoted answers',
    },
    ...{ SubAccountId: tenant, SubAccountName: issuer.tenantName(tenant), SubAccountType: 'tenant' },
    Tags: tagsOf(row.group),
    ...{
      x_Requests: row.requests,
      x_Retries: row.retries,
      x_CountedRequests: row.counted,
      x_TokensIn: row.tokensIn,
      x_TokensOut: row.tokensOut,
    },
    ...{ x_EnergyWh: energyOf(row).value, x_Co2Grams: co2Of(row).value },
  };
}

/** Ends are exclusive; times are UTC with a Z, as FOCUS writes them. */
function periodsOf(day: string): Cells {
  const start = new Date(`${day}T00:00:00Z`);
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()];
  const time = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    ChargePeriodStart: time(start.getTime()),
    ChargePeriodEnd: time(start.getTime() + 86_400_000),
    BillingPeriodStart: time(Date.UTC(year, month, 1)),
    BillingPeriodEnd: time(Date.UTC(year, month + 1, 1)),
  };
}

const tagged: readonly UsageGroup[] = ['project', 'purpose', 'key'];

function tagsOf(group: UsageRow['group']): string {
  const tags = tagged.filter((name) => group[name]).map((name) => [`polity:${name}`, group[name]]);
  return JSON.stringify(Object.fromEntries(tags));
}
