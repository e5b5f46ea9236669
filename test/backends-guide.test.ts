/** Who follows the guides by their words alone gets a charter that is valid, and keys. */
import assert from 'node:assert/strict';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { readCharterFolder } from '../src/charter/index.ts';
import { checkCharter, readRedLineSets } from '../src/policy/index.ts';
import { charterVariant } from './charter-variant.ts';
import { listFiles, readText } from './read-tree.ts';

const folder = await charterVariant({});
after(() => rm(dirname(folder), { recursive: true }));

const blocks = [...(await readText('docs/guides/backends.md')).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
  ([, text = '']) => text,
);
const itemWith = (key: string) =>
  blocks.filter((text) => (parse(text) as [Record<string, unknown>])[0]?.[key] !== undefined);

test('the entries of the guide to backends make a valid charter with the example', async () => {
  const models = itemWith('admitted');
  // The guide says that the provider's model has an entry of the same kind.
  const another = models.map((text) => text.replace('our-70b', 'claude-sonnet'));
  const sites = (await readFile(join(folder, 'sites.yaml'), 'utf8')).replaceAll(/^# (- id: abroad| {2}\S)/gm, '$1');
  await appendFile(join(folder, 'models.yaml'), `\n${[...models, ...another].join('\n')}`);
  await appendFile(join(folder, 'sites.yaml'), sites.slice(sites.indexOf('- id: abroad')));
  await appendFile(join(folder, 'backends.yaml'), `\n${itemWith('dialect').join('\n')}`);
  await appendFile(join(folder, 'charter.yaml'), `\n${blocks.find((text) => text.startsWith('routing:'))}`);
  const checked = checkCharter(readCharterFolder(folder), readRedLineSets());
  assert.deepEqual(checked.kind === 'invalid' ? checked.errors : [], []);
  assert.ok(checked.kind !== 'invalid' && checked.charter.backends.some(({ id }) => id === 'claude'));
});

test('every key that a document makes is for a tenant of the example that has the purpose', async () => {
  const tenants = parse(await readText('charters/estonia/tenants.yaml')) as { id: string; purposes: string[] }[];
  const wrong: string[] = [];
  for (const file of (await listFiles()).filter((name) => name.endsWith('.md'))) {
    for (const [line, tenant, purpose] of (await readText(file)).matchAll(
      /keys create --tenant ([a-z-]+).*? --purpose ([a-z-]+)/g,
    )) {
      const known = tenants.find(({ id }) => id === tenant);
      if (!known?.purposes.includes(purpose ?? '')) wrong.push(`${file}: ${line}`);
    }
  }
  assert.deepEqual(wrong, []);
});
