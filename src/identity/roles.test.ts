import assert from 'node:assert/strict';
import test from 'node:test';
import { Problem } from '../kit/index.ts';
import type { Role } from './ports.ts';
import { type Action, demand, may } from './roles.ts';

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

test('a role that may not is told which role may', () => {
  assert.throws(
    () => demand('auditor', 'change-keys'),
    (error) => error instanceof Problem && error.code === 'forbidden' && /`administrator`/.test(error.detail),
  );
  demand('administrator', 'change-keys');
});
