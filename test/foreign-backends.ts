import { editedBytes } from './charter-files.ts';

interface Foreign {
  readonly site: string;
  readonly operator: string;
  readonly parent: string;
}

const backend = (id: string, { site, operator, parent }: Foreign) => `
- id: ${id}
  model: mistral-small-24b-instruct
  dialect: openai
  url: https://${id}.example/v1
  site: ${site}
  operator: { name: Provider, jurisdiction: ${operator} }
  parentJurisdiction: ${parent}
  clearance: { level: top-secret, caveats: [personal, special-category, minor] }
  priority: 200
  price: { inputPerMillion: 1, outputPerMillion: 3 }
  energy: { whPer1000Tokens: null, source: null }
  evidence: []
`;

const site = (id: string, jurisdiction: string) => `
- id: ${id}
  place: ${id}
  jurisdiction: ${jurisdiction}
  coordinates: [0, 0]
  grid: { zone: ${jurisdiction}, gramsCo2PerKwh: null, source: null }
`;

/**
 * The example with four more backends, each cleared for everything, so that only the law keeps data from them:
 * `home-us` (in the country, owner in the US), `helsinki` and `dublin-us` (in the Union; owners in FI, US), `virginia` (US).
 */
export const withForeignBackends = editedBytes({
  'sites.yaml': [/$/, site('helsinki-site', 'FI') + site('dublin-site', 'IE') + site('virginia-site', 'US')],
  'models.yaml': [
    /(id: mistral-small-24b-instruct[\s\S]*?)admitted: \[\]/,
    `id: mistral-small-24b-instruct
  name: Mistral Small
  licence: Apache-2.0
  origin: { developer: Mistral AI, jurisdiction: FR, url: 'https://mistral.ai' }
  sha256: null
  bytes: null
  context: 131072
  languages: [en]
  admitted: [{ mode: chat, languages: [en] }]`,
  ],
  'backends.yaml': [
    /$/,
    backend('home-us', { site: 'tallinn', operator: 'EE', parent: 'US' }) +
      backend('helsinki', { site: 'helsinki-site', operator: 'FI', parent: 'FI' }) +
      backend('dublin-us', { site: 'dublin-site', operator: 'IE', parent: 'US' }) +
      backend('virginia', { site: 'virginia-site', operator: 'US', parent: 'US' }),
  ],
});
