import type pg from 'pg';
import type { AssistantStore } from '../../assistant/ports.ts';
import type { Listener } from '../open-listener.ts';
import { openCases } from './cases.ts';
import { STOP_CHANNEL, TURN_CHANNEL } from './channels.ts';
import { openConversations } from './conversations.ts';
import { readTurn, readTurnByRequest, readTurns } from './read-turns.ts';
import { openSubjects } from './subjects.ts';
import { openTurnSignals } from './turn-signals.ts';
import { askStop, insertTurn, listStopped, noteEnding, noteProgress } from './write-turns.ts';

/** What the listener must be opened for. */
export const ASSISTANT_CHANNELS = [TURN_CHANNEL, STOP_CHANNEL] as const;

export function openAssistantStore(pool: pg.Pool, listener: Listener): AssistantStore {
  return {
    ...openSubjects(pool),
    ...openConversations(pool),
    ...openCases(pool),
    ...openTurnSignals(listener),
    async insertFirstTurn(turn, title) {
      const done = await insertTurn(pool, turn, title);
      return done === 'repeated' ? 'repeated' : 'inserted';
    },
    insertTurn: (turn) => insertTurn(pool, turn, null),
    findTurn: (subject, id) => readTurn(pool, subject, id),
    findTurnByRequest: (subject, key) => readTurnByRequest(pool, subject, key),
    listTurns: (subject, conversations) => readTurns(pool, subject, conversations),
    noteProgress: (progress) => noteProgress(pool, progress),
    noteEnding: (ending) => noteEnding(pool, ending),
    askStop: (subject, id) => askStop(pool, subject, id),
    listStopped: (ids) => listStopped(pool, ids),
  };
}
