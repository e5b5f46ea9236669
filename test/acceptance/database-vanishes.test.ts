/** A database whose host is gone without a word, and another in its place: open connections hear nothing, new ones are served. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { charterVariant, servedBy } from '../charter-variant.ts';
import { askChat } from '../chat-client.ts';
import { createTestDatabase } from '../database.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';
import { startTalking } from '../talking-upstream.ts';

/** A way to the database that can be cut between its ends: the server hears of it, the clients do not. */
async function openWay(t: TestContext, database: string) {
  const address = new URL(database);
  const socket = join(address.searchParams.get('host') ?? '', '.s.PGSQL.5432');
  let pairs: [Socket, Socket][] = [];
  const server = createServer((client) => {
    const behind = connect(socket);
    for (const side of [client, behind]) side.on('error', () => {});
    client.pipe(behind).pipe(client);
    pairs.push([client, behind]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const [client, behind] of pairs) [client, behind].map((side) => side.destroy());
    server.close();
  });
  address.searchParams.delete('host');
  address.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: address.href,
    vanish() {
      for (const [client, behind] of pairs) {
        behind.unpipe(client);
        client.unpipe(behind).resume();
        behind.destroy();
      }
      pairs = pairs.filter(([client]) => !client.destroyed);
    },
  };
}

/** Whether an answer comes and its receipt is signed. */
async function isWhole({ url, apiKey }: RunningPolity): Promise<boolean> {
  const { status, receiptId } = await askChat({ url, apiKey, stream: false });
  if (status !== 200 || receiptId === null) return false;
  const receipt = await fetch(`${url}/v1/receipts/${receiptId}`);
  await receipt.body?.cancel();
  return receipt.status === 200;
}

test('answers and their receipts come back within two minutes when the host of the database vanishes and another takes its place', async (t) => {
  const database = await createTestDatabase();
  const way = await openWay(t, database.url);
  const upstream = await startTalking();
  const charter = await charterVariant(servedBy(upstream.url));
  const polity = await startPolity({ charter, environment: { DATABASE_URL: way.url } });
  t.after(async () => {
    await polity.dispose();
    await upstream.close();
    await database.drop();
  });
  assert.equal(await isWhole(polity), true);
  way.vanish();
  const startedMs = performance.now();
  while (!(await isWhole(polity))) {
    assert.ok(performance.now() - startedMs < 120_000, 'no receipt is signed');
    await delay(1_000);
  }
});
