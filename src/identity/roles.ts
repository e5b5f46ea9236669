import type { Role } from './ports.ts';

/** What the roles may do, in full. A caller only asks models. */
const permissions = {
  'ask-models': ['administrator', 'operator', 'auditor', 'caller'],
  'read-status': ['administrator', 'operator', 'auditor'],
  'read-keys': ['administrator', 'operator', 'auditor'],
  'change-keys': ['administrator'],
  'read-charter': ['administrator', 'operator', 'auditor'],
  'change-charter': ['administrator'],
  'read-ledger': ['administrator', 'operator', 'auditor'],
  'change-models': ['administrator', 'operator'],
  'invite-administrators': ['administrator'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof permissions;

export function may(role: Role, action: Action): boolean {
  return (permissions[action] as readonly Role[]).includes(role);
}

export function actionsOf(role: Role): Action[] {
  return (Object.keys(permissions) as Action[]).filter((action) => may(role, action));
}
