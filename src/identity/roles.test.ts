import assert from 'node:assert/strict';
import test from 'node:test';
import type { Role } from './ports.ts';
import { type Action, actionsOf, may } from './roles.ts';

const table: readonly [Action, Record<Role, boolean>][] = [
  ['ask-models', { administrator: true, operator: true, auditor: true, caller: true }],
  ['read-keys', { administrator: true, operator: true, auditor: true, caller: false }],
  ['change-keys', { administrator: true, operator: false, auditor: false, caller: false }],
  ['change-charter', { administrator: true, operator: false, auditor: false, caller: false }],
  ['change-models', { administrator: true, operator: true, auditor: false, caller: false }],
  ['read-ledger', { administrator: true, operator: true, auditor: true, caller: false }],
];

for (const [action, roles] of table) {
  test(`\`${action}\` is for exactly those roles that the table names`, () => {
    for (const [role, allowed] of Object.entries(roles)) assert.equal(may(role as Role, action), allowed, role);
  });
}

test('a caller only asks models, an administrator may do everything', () => {
  assert.deepEqual(actionsOf('caller'), ['ask-models']);
  for (const [action] of table) assert.ok(actionsOf('administrator').includes(action));
});
