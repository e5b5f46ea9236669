import type { Backend } from '../charter/schema.ts';
import { dialectLacks } from '../inference/schema.ts';
import { Problem } from '../kit/index.ts';
import type { Route } from '../policy/schema.ts';
import type { Inquiry, Need } from './dialect.ts';

/** What a request makes use of and this backend cannot do: by its dialect, or by its entry in the charter. */
export function findLack({ needs }: Inquiry, backend: Backend): Need | null {
  if (needs.length === 0) return null;
  const { dialect, lacks } = backend;
  const byDialect = dialectLacks[dialect];
  const isLacking = ({ name, only }: Need) =>
    (only !== undefined && only !== dialect) || byDialect.includes(name) || lacks.includes(name);
  return needs.find(isLacking) ?? null;
}

/** Refused before anything is sent: an upstream that drops a parameter in silence gives another answer than was asked for. */
export function lackProblem(inquiry: Inquiry, routes: readonly Route[]): Problem {
  const found = routes.map(({ facts }) => findLack(inquiry, facts.backend)).find((lack) => lack !== null);
  const { name = '', param = '' } = found ?? {};
  const backends = routes.map(({ facts }) => `\`${facts.backend.id}\``).join(', ');
  const detail = `no backend that the law allows (${backends}) can do \`${name}\`, which \`${param}\` asks for; leave it out or choose another model`;
  return new Problem('unsupported-parameter', detail, { param });
}
