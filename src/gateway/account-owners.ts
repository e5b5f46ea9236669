import type { Route } from '../policy/schema.ts';
import type { AccountOwner } from '../programmes/ports.ts';
import type { Decided } from './steps/4-decide-route.ts';

/** Whose limits a request counts against: the country's, the tenant's, its project's, the purpose's, the key's and the model's. */
export function accountOwners({ inForce, caller, purpose }: Decided, routes: readonly Route[]): AccountOwner[] {
  const { key, tenant } = caller;
  const { country } = inForce.charter;
  const project = tenant.projects.find(({ id }) => id === key.project);
  const model = routes[0]?.facts.model ?? null;
  const owners: AccountOwner[] = [
    { id: `country:${country.country}`, limits: country.limits },
    { id: `tenant:${tenant.id}`, limits: tenant.limits },
    { id: `purpose:${purpose.id}`, limits: purpose.limits },
    { id: `key:${key.id}`, limits: key.limits },
  ];
  if (project !== undefined) owners.push({ id: `project:${tenant.id}/${project.id}`, limits: project.limits });
  if (model !== null) owners.push({ id: `model:${model.id}`, limits: model.limits });
  return owners.filter(({ limits }) => Object.keys(limits).length > 0);
}

/**
 * Routes of one model, where models have limits: a reservation is of one model, so its attempts are too. Without such
 * limits nothing drops out.
 */
export function ofOneModel(routes: readonly Route[]): readonly Route[] {
  const [first] = routes;
  const isLimited = routes.some(({ facts: { model } }) => model !== null && Object.keys(model.limits).length > 0);
  return isLimited ? routes.filter(({ facts }) => facts.model?.id === first?.facts.model?.id) : routes;
}

/** `tenant:school` in words. */
export function ownerInWords(owner: string): string {
  const [kind = '', ...id] = owner.split(':');
  return kind === 'country' ? 'the whole country' : `the ${kind} \`${id.join(':')}\``;
}
