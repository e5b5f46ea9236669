import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallNote, RequestEvent } from '../gateway/index.ts';
import type { BackendMinute } from '../inference/ports.ts';
import { systemClock } from '../kit/index.ts';
import { keepSpeeds } from './keep-speeds.ts';

const event = { backend: 'there', ended: 'complete', attempts: 3, firstByteMs: 20, totalMs: 30 } as RequestEvent;
const call = (id: string, reason: string | null) =>
  ({ route: { facts: { backend: { id } } }, ended: reason === null ? 'complete' : 'failed', reason }) as CallNote;

test('a backend whose requests others answered in its place shows as one that failed', async () => {
  const kept: BackendMinute[] = [];
  const speeds = keepSpeeds({ add: async (minutes) => void kept.push(...minutes), since: async () => [] }, systemClock);
  const calls = [call('away', 'upstream-failed'), call('unfit', 'unsupported-parameter'), call('there', null)];
  speeds.note(event, calls);
  await speeds.close();
  assert.deepEqual(
    kept.map(({ backend, step, answers }) => [backend, step === -1, answers]),
    [
      ['away', true, 1],
      ['there', false, 1],
    ],
  );
});
