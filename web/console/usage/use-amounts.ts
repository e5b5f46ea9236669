import { sumMeasured } from '../../../src/kit/browser.ts';
import type { UsageRow } from '../../../src/record/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { showAmount } from './show-amount.ts';

/** Below this a sum is told with two digits after the point, and below the least that they can say with as many as it needs. */
const FINE = 100;
const LEAST = 0.01;
const MILLION = 1e6;

/** Energy, CO2 and money of rows, in words. */
export function useAmounts() {
  const { t } = useMessages('usage');
  const { number, amount: fine } = useFormats();
  const rounded = (value: number) => {
    if (value > 0 && value < LEAST) return fine(value);
    return number(value < FINE ? Math.round(value * 100) / 100 : Math.round(value));
  };
  const words = { atLeast: (amount: string) => t('atLeast', { amount }), unknown: t('unknown') };
  return {
    energy: (rows: readonly UsageRow[]) =>
      showAmount(sumMeasured(rows.map((row) => [row.energyMicroWh, row.tokensWithoutEnergy])), {
        ...words,
        amount: (value) => t('wattHours', { n: rounded(value) }),
      }),
    co2: (rows: readonly UsageRow[]) =>
      showAmount(sumMeasured(rows.map((row) => [row.co2MicroGrams, row.tokensWithoutCo2])), {
        ...words,
        amount: (value) => t('grams', { n: rounded(value) }),
      }),
    money: (micros: number, currency: string) => {
      const value = micros / MILLION;
      const digits = value !== 0 && value < LEAST ? 6 : 2;
      const [whole = '', part = ''] = value.toFixed(digits).split('.');
      return `${number(Number(whole))}.${part}\u00a0${currency}`;
    },
  };
}
