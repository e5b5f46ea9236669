/** Data that the charter keeps in the country stays: shown with a recording upstream that counts even connections. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CharterEdits, charterVariant } from '../charter-variant.ts';
import { type RecordingUpstream, startUpstream } from '../recording-upstream.ts';
import { type RunningPolity, startPolity } from '../start-polity.ts';

let upstream: RecordingUpstream;
let polity: RunningPolity;

/** The only backend is abroad: another jurisdiction, another parent, and reachable at the recording upstream. */
function onlyAbroad(url: string): CharterEdits {
  return {
    'sites.yaml': (document) =>
      document.add(
        document.createNode({
          id: 'virginia',
          place: 'Ashburn',
          jurisdiction: 'US',
          coordinates: [39.04, -77.49],
          grid: { zone: 'PJM', gramsCo2PerKwh: null, source: null },
        }),
      ),
    'backends.yaml': (document) => {
      document.setIn([0, 'dialect'], 'openai');
      document.setIn([0, 'url'], url);
      document.setIn([0, 'allowPrivateAddress'], true);
      document.setIn([0, 'site'], 'virginia');
      document.setIn([0, 'operator'], document.createNode({ name: 'Example Inc.', jurisdiction: 'US' }));
      document.setIn([0, 'parentJurisdiction'], 'US');
    },
  };
}

before(async () => {
  upstream = await startUpstream();
  polity = await startPolity({ charter: await charterVariant(onlyAbroad(upstream.url)) });
});
after(async () => {
  await polity.dispose();
  await upstream.close();
});

test('a class that stays in the country is refused with the clause, nothing is sent, and the refusal is in the log', async () => {
  for (const stream of [false, true]) {
    const response = await fetch(`${polity.url}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${polity.apiKey}`,
        'content-type': 'application/json',
        'x-polity-classification': 'internal',
      },
      body: JSON.stringify({ model: 'auto', stream, messages: [{ role: 'user', content: 'Mustand' }] }),
    });
    const problem = (await response.json()) as {
      code: string;
      clauses: { id: string; legalBasis: string }[];
      error: { code: string };
    };
    assert.equal(response.status, 403);
    assert.equal(problem.code, 'refused-by-policy');
    assert.ok(problem.clauses.length > 0);
    for (const clause of problem.clauses) assert.ok(clause.id && clause.legalBasis);
    await expectRefusedReceipt(response.headers.get('x-receipt-id') as string);
  }
  assert.deepEqual(upstream.requests, []);
  assert.equal(upstream.connections(), 0);
});

async function expectRefusedReceipt(id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const receipt = (await (await fetch(`${polity.url}/v1/receipts/${id}`)).json()) as {
      state: string;
      statement: { payload: string } | null;
    };
    if (receipt.state === 'included') {
      const statement = JSON.parse(Buffer.from(receipt.statement?.payload ?? '', 'base64').toString());
      assert.equal(statement.predicate.ended, 'refused');
      assert.equal(statement.predicate.backend, null);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail('the refusal never reached the log');
}
