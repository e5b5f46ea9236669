import { join } from 'node:path';
import { parse } from 'yaml';
import { Model } from '../src/charter/schema.ts';
import { fetchModel } from '../src/inference/index.ts';
import { readText, root } from './read-tree.ts';

/** The file of the starter model, fetched once into the checkout's data folder from the example's sources. */
export async function findStarterModel(): Promise<string> {
  const [first] = parse(await readText('charters/estonia/models.yaml')) as unknown[];
  const fetched = await fetchModel({
    model: Model.parse(first),
    folder: join(root, '.polity', 'models'),
    override: process.env.POLITY_MODEL ?? null,
    environment: process.env,
    onStep: () => {},
  });
  if (fetched.kind === 'present') return fetched.path;
  throw new Error(`the tests need the starter model: ${fetched.tried.join('; ')}`);
}
