import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { collectionFile, sampleFiles } from '../../../test/collection-files.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { indexCollection, quotePassages } from '../../knowledge/index.ts';
import { openKnowledgeStore } from './open-knowledge-store.ts';

let database: TestDatabase;
let pool: pg.Pool;
let store: ReturnType<typeof openKnowledgeStore>;

before(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  store = openKnowledgeStore(pool);
  await indexCollection(sampleFiles, store, { source: 'charter', isWhole: true });
});

after(async () => {
  await pool.end();
  await database.drop();
});

async function ask(question: string, language: string, history: readonly string[] = []) {
  const { service, language: said, passages, nearest } = await quotePassages(store, { question, language, history });
  return { id: service?.id ?? null, said, headings: passages.map(({ heading }) => heading), passages, nearest };
}

test('a question in other words and without marks finds its service, with passages as they were written', async () => {
  const found = await ask('kuidas ma beebi sunnitunnistuse registreerin', 'et');
  assert.deepEqual([found.id, found.said], ['birth', 'et']);
  assert.equal(found.passages[0]?.text, 'Lapse sünni registreerib vanem perekonnaseisuasutuses.');
  for (const { text, matches } of found.passages)
    for (const [start, end] of matches) assert.match(text.slice(start, end), /^\p{L}+$/u);
});

test('a question that the collection does not cover gets no passage', async () => {
  for (const [question, language] of [
    ['Milline nutitelefon on parim?', 'et'],
    ['How do I bake a chocolate cake?', 'en'],
    ['What is the best birth month for a famous football player in Brazil?', 'en'],
    ['Как приготовить борщ?', 'ru'],
    ['كيف أطبخ الأرز؟', 'ar'],
    ['???', 'et'],
  ] as const) {
    const { id, passages } = await ask(question, language);
    assert.deepEqual([id, passages], [null, []], question);
  }
});

test('the words of the question decide its language, not the language of the pages', async () => {
  assert.equal((await ask('Kuidas registreerida lapse sündi?', 'en')).said, 'et');
  assert.equal((await ask('How do I file my income tax return?', 'et')).said, 'en');
  assert.equal((await ask('Как подать декларацию о доходах?', 'et')).said, 'ru');
});

test('a question in Arabic gives the passages that there are, and says in which language', async () => {
  const found = await ask('أريد تسجيل ولادة طفلي', 'ar');
  assert.deepEqual([found.id, found.said], ['birth', 'en']);
});

test('a short question leans on the one before, a whole new one does not', async () => {
  const twins = await ask('And for twins?', 'en', ['How do I register the birth of my child?']);
  assert.ok(twins.id === 'birth' && twins.headings.includes('Twins'));
  assert.equal((await ask('а сколько это стоит?', 'ru', ['Как зарегистрировать рождение ребёнка?'])).id, 'birth');
  assert.equal((await ask('а сколько это стоит?', 'ru', ['Как подать декларацию о доходах?'])).id, 'tax');
  const other = await ask('Kuidas esitada tuludeklaratsiooni?', 'et', ['Kuidas registreerida lapse sündi?']);
  assert.equal(other.id, 'tax');
});

test('only what has changed is indexed again, what is gone is taken out, and counts follow', async () => {
  const idle = await indexCollection(sampleFiles, store, { source: 'charter', isWhole: true });
  assert.deepEqual(idle, { indexed: 0, unchanged: 6, removed: 0, faults: [] });
  const permit = (title: string) =>
    collectionFile({ id: 'permit', language: 'en', title, question: 'Where?', passages: [['Permit', 'Ask.']] });
  const wish = { source: 'charter', isWhole: true } as const;
  assert.equal((await indexCollection([...sampleFiles, permit('Fishing')], store, wish)).indexed, 1);
  assert.equal((await ask('fishing permit', 'en')).id, 'permit');
  assert.equal((await indexCollection([...sampleFiles, permit('Hunting')], store, wish)).indexed, 1);
  assert.deepEqual((await store.statistics('en', ['fishi', 'hunti'])).frequency.get('hunti'), 1);
  assert.equal((await store.statistics('en', ['fishi'])).frequency.get('fishi') ?? 0, 0);
  assert.equal((await indexCollection(sampleFiles, store, wish)).removed, 1);
  assert.deepEqual((await store.statistics('en', ['hunti'])).documents, 2);
});

test('a document with a mistake is told and keeps nobody from the others; what was indexed of it stays', async () => {
  const [first, ...others] = sampleFiles;
  assert.ok(first !== undefined);
  const text = first.text.replace('provenance: project', 'provenance: rumour');
  const bad = { ...first, text, bytes: new TextEncoder().encode(text) };
  const done = await indexCollection([bad, ...others], store, { source: 'charter', isWhole: true });
  assert.match(done.faults.join(), /^knowledge\/et\/birth\.md:10: `provenance` is not valid/);
  assert.deepEqual([done.indexed, done.unchanged, done.removed], [0, 5, 0]);
  assert.equal((await ask('Kuidas registreerida lapse sündi?', 'et')).id, 'birth');
});

test('what people added stays when the collection of the charter is indexed', async () => {
  const added = collectionFile({
    id: 'harbour',
    language: 'en',
    title: 'Harbour berths',
    question: 'Where do I moor?',
    passages: [['Berths', 'Ask the harbour master.']],
  });
  await indexCollection([added], store, { source: 'added', isWhole: false });
  await indexCollection(sampleFiles, store, { source: 'charter', isWhole: true });
  assert.equal((await ask('harbour berth', 'en')).id, 'harbour');
  await store.remove([{ id: 'harbour', language: 'en' }]);
});

test('indexing from several sides at once ends with one state', async () => {
  const wish = { source: 'charter', isWhole: true } as const;
  await store.remove(sampleFiles.map(({ path, language }) => ({ id: path.replace(/.*\/|\.md$/g, ''), language })));
  await Promise.all([sampleFiles, sampleFiles.toReversed()].map((files) => indexCollection(files, store, wish)));
  assert.deepEqual(await store.statistics('et', ['lapse']), { documents: 2, frequency: new Map([['lapse', 1]]) });
});
