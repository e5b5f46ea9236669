import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleBytes } from '../../../test/charter-files.ts';
import { putInForce } from '../../../test/put-in-force.ts';
import { walkPath } from '../../../test/walk-path.ts';
import { classifyData } from './3-classify-data.ts';

const inForce = putInForce(exampleBytes());
/** A valid Estonian personal code, of nobody. */
const PERSONAL = 'Minu isikukood on 37605030299';
const said = (content: string) => ({ body: { model: 'auto', messages: [{ role: 'user', content }] } });

async function classOf(wish: Parameters<typeof walkPath>[1], ...earlierClasses: string[]): Promise<string> {
  const walker = walkPath(inForce, wish);
  const read = await walker.read();
  await classifyData(earlierClasses.length === 0 ? read : { ...read, inquiry: { ...read.inquiry, earlierClasses } });
  return walker.exchange.event.classification ?? 'none';
}

const declared = (level: string) => ({ headers: { 'x-polity-classification': level } });
const inherited = (defaultLevel: string | null) => ({ key: { defaultLevel } });

test('the class is what the header declares, else the default of the key, else the highest of the tenant', async () => {
  assert.equal(await classOf(declared('public')), 'public');
  assert.equal(await classOf({ ...declared('public'), ...inherited('internal') }), 'public');
  assert.equal(await classOf(inherited('public')), 'public');
  assert.equal(await classOf(inherited('internal')), 'internal');
  assert.equal(await classOf({}), 'internal; personal');
  // A level that the charter no longer has is none.
  assert.equal(await classOf(inherited('gone')), 'internal; personal');
});

test('detectors raise the class and nothing lowers it', async () => {
  assert.equal(await classOf({ ...declared('public'), ...said(PERSONAL) }), 'public; personal');
  assert.equal(await classOf({ ...declared('internal; minor'), ...said(PERSONAL) }), 'internal; minor personal');
  assert.equal(await classOf({ ...declared('internal; personal'), ...said('Tere') }), 'internal; personal');
});

test('what stands at the end of a text that is too long for one turn raises the class as well', async () => {
  assert.equal(
    await classOf({ ...declared('public'), ...said(`${'7 '.repeat(1_000_000)}. ${PERSONAL}`) }),
    'public; personal',
  );
  assert.equal(await classOf({ ...declared('public'), ...said('7 '.repeat(1_000_000)) }), 'public');
});

test('what a conversation kept from before keeps its class, and one that nobody knows any more is the highest of the tenant', async () => {
  assert.equal(await classOf(declared('public'), 'internal; minor'), 'internal; minor');
  assert.equal(await classOf(declared('internal'), 'public; minor'), 'internal; minor');
  assert.equal(await classOf(declared('public'), 'internal', 'public; minor'), 'internal; minor');
  assert.equal(await classOf(declared('public'), 'a level of long ago'), 'internal; personal');
});

test('a class that the charter does not have is refused with what to write', async () => {
  const walker = walkPath(inForce, declared('privat'));
  const read = await walker.read();
  assert.throws(() => classifyData(read), { code: 'invalid-request', extras: { param: 'x-polity-classification' } });
});
