import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/database.ts';
import { KnowledgeOffice } from './knowledge-office.ts';

/** A little below what was measured in 2026-11; docs/decisions/0018-collection.md. */
const FLOORS = { mrrAt10: 0.9, rightFirst: 0.85, refusedOfAnswerable: 0.07, refusedOfOthers: 0.82 };
const QUESTIONS_MIN = 150;
const OTHERS_MIN = 50;
const charter = 'charters/estonia';

let database: TestDatabase;
let pool: pg.Pool;
let office: KnowledgeOffice;

before(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  office = new KnowledgeOffice(pool);
});

after(async () => {
  await pool.end();
  await database.drop();
});

test('the collection of the example has no mistake, and each service in each of its languages', async () => {
  const told: string[] = [];
  await office.open(charter, (line) => told.push(line));
  assert.deepEqual(told, []);
  const { documents } = await office.list();
  const idsOf = (wanted: string) => documents.filter(({ language }) => language === wanted).map(({ id }) => id);
  assert.equal(idsOf('et').length, 24);
  for (const language of ['en', 'ru']) assert.deepEqual(idsOf(language), idsOf('et'), language);
});

test('known questions find their service, questions that it does not cover get nothing', async () => {
  const { languages, unanswerable } = await office.evaluate(charter, {});
  assert.deepEqual(languages.map(({ language }) => language).sort(), ['en', 'et', 'ru']);
  for (const one of languages) {
    const said = JSON.stringify(one, null, 1);
    assert.ok(one.questions >= QUESTIONS_MIN, `${one.language}: ${one.questions} questions`);
    assert.ok(one.mrrAt10 >= FLOORS.mrrAt10, said);
    assert.ok(one.rightFirst >= FLOORS.rightFirst, said);
    assert.ok(one.refused <= FLOORS.refusedOfAnswerable, said);
  }
  assert.ok(unanswerable.questions >= OTHERS_MIN, `${unanswerable.questions} questions without an answer`);
  assert.ok(unanswerable.refused >= FLOORS.refusedOfOthers, JSON.stringify(unanswerable, null, 1));
});

test('questions from another folder are asked instead; a folder without questions is refused', async () => {
  const { languages, unanswerable } = await office.evaluate(charter, { questions: `${charter}/knowledge/held-out` });
  assert.deepEqual(
    languages.map(({ questions }) => questions),
    [24, 24, 24],
  );
  assert.equal(unanswerable.questions, 24);
  await assert.rejects(office.evaluate(charter, { questions: '/nowhere' }), /there are no questions in `\/nowhere`/);
});
