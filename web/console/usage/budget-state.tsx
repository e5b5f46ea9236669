import type { BudgetView } from '../../../src/api/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { State } from '../../shared/marks/state-shape.tsx';

/** From here on somebody should look. */
const NEAR_SHARE = 0.8;

/** How much is gone, 1 when all is; null where gateways count in memory. */
export function shareOf({ used, limit }: BudgetView): number | null {
  if (used === null) return null;
  return limit === 0 ? 1 : used / limit;
}

/** Never by colour alone: the words say it too. */
export function BudgetState({ budget }: { readonly budget: BudgetView }) {
  const { t } = useMessages('usage');
  const share = shareOf(budget);
  if (share === null) return <span className="quiet">{t('inMemory')}</span>;
  if (share >= 1) return <State kind="fails">{t('usedUp')}</State>;
  const percent = t('percentUsed', { n: Math.round(share * 100) });
  return <State kind={share >= NEAR_SHARE ? 'limited' : 'holds'}>{percent}</State>;
}
