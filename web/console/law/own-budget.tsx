import { Link } from 'wouter';
import type { BudgetView } from '../../../src/api/schema.ts';
import type { Limits } from '../../../src/charter/schema.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { useFormats } from '../../shared/i18n/use-formats.ts';
import { BudgetState, shareOf } from '../usage/budget-state.tsx';
import { useConsole } from '../use-console.ts';

const LIVE_MS = 15_000;
export type LimitKind = keyof Limits;
export type Budgets = ReadonlyMap<string, BudgetView>;

/** By owner; empty until they are read. */
export function useTightest(): Budgets {
  const { data } = useConsole<{ budgets: readonly BudgetView[] }>('budgets', LIVE_MS);
  return tightest(data?.budgets ?? []);
}

/** Of each key and tenant the limit of days or months of which the largest part is gone. */
function tightest(budgets: readonly BudgetView[]): Budgets {
  const found = new Map<string, BudgetView>();
  for (const budget of budgets) {
    const before = found.get(budget.owner);
    if (before === undefined || (shareOf(budget) ?? -1) > (shareOf(before) ?? -1)) found.set(budget.owner, budget);
  }
  return found;
}

/** For sorting: who has no limit comes before whose limits gateways count in memory. */
export function shareIn(budgets: Budgets, owner: string): number {
  const budget = budgets.get(owner);
  return budget === undefined ? -2 : (shareOf(budget) ?? -1);
}

interface OwnBudgetProps {
  readonly budget: BudgetView | undefined;
  readonly group: 'key' | 'tenant';
}

/** The limit that ends first, with a way to all of them. */
export function OwnBudget({ budget, group }: OwnBudgetProps) {
  const { t } = useMessages('law');
  const { t: tUsage } = useMessages('usage');
  const { amount } = useFormats();
  if (budget === undefined) return <span className="quiet">{t('noBudget')}</span>;
  return (
    <span className="budget-cell">
      <BudgetState budget={budget} />
      <br />
      <Link href={`/console/usage?by=${group}`}>
        {tUsage(budget.kind as LimitKind)} {amount(budget.limit)} {budget.unit}
      </Link>
    </span>
  );
}
