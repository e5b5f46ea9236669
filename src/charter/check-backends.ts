import type { RawCharter } from './raw-charter.ts';

const FILE = 'backends.yaml';
/** Needed beside `url`. Servers of one's own also speak the first two, and may ask for no key. */
const needs: Readonly<Record<string, readonly string[]>> = {
  openai: [],
  anthropic: [],
  bedrock: ['key'],
  vertex: ['key'],
  azure: ['key'],
  cohere: ['key'],
  mistral: ['key'],
};
/** Settings that only one dialect reads: elsewhere they would be a promise that nothing keeps. */
const onlyFor: Readonly<Record<string, string>> = { keyId: 'bedrock', region: 'bedrock', apiVersion: 'azure' };

/** Backends against their dialect. */
export function checkBackends(raw: RawCharter): void {
  const embedded = raw.text('charter.yaml', ['embedded', 'model']);
  for (const index of raw.list(FILE, []).keys()) {
    const dialect = raw.text(FILE, [index, 'dialect']);
    if (dialect === 'embedded') checkEmbedded(raw, index, embedded);
    checkModel(raw, index, dialect);
    checkSettings(raw, index, dialect ?? '');
    if (needs[dialect ?? ''] === undefined) continue;
    checkUrl(raw, index);
    for (const key of needs[dialect ?? ''] ?? []) demand(raw, index, { key, expected: `a \`${key}\`, by reference` });
  }
}

function checkUrl(raw: RawCharter, index: number): void {
  const dialect = raw.text(FILE, [index, 'dialect']);
  const url = raw.text(FILE, [index, 'url']);
  demand(raw, index, {
    key: 'url',
    expected:
      dialect === 'openai'
        ? 'the base address of the upstream, up to and including /v1'
        : 'the base address of the provider: the charter says where bytes go',
  });
  if (url?.startsWith('http://') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(url)) {
    raw.warn(FILE, [index, 'url'], {
      found: 'an address without TLS',
      expected: 'https, unless the network itself is trusted',
    });
  }
}

function checkSettings(raw: RawCharter, index: number, dialect: string): void {
  for (const [key, only] of Object.entries(onlyFor)) {
    if (dialect === only || raw.value(FILE, [index, key]) === undefined) continue;
    raw.report(FILE, [index, key], { found: `\`${key}\``, expected: `no \`${key}\`: only \`${only}\` has one` });
  }
  if (dialect === 'bedrock' && raw.value(FILE, [index, 'keyId']) !== undefined)
    demand(raw, index, { key: 'region', expected: 'the region that signatures name, such as eu-north-1' });
}

function demand(raw: RawCharter, index: number, { key, expected }: { key: string; expected: string }): void {
  if (raw.value(FILE, [index, key]) === undefined) raw.report(FILE, [index], { found: `no \`${key}\``, expected });
}

/** Only `retrieval` answers without a model, and it has nothing to connect to. */
function checkModel(raw: RawCharter, index: number, dialect: string | undefined): void {
  const model = raw.value(FILE, [index, 'model']);
  if (dialect !== 'retrieval') {
    if (model === null)
      raw.report(FILE, [index, 'model'], { found: '`null`', expected: 'the id of a model in models.yaml' });
    return;
  }
  for (const key of ['model', 'url', 'key', 'upstreamModel']) {
    const value = raw.value(FILE, [index, key]);
    if (value === undefined || value === null) continue;
    const expected = key === 'model' ? '`null`: passages are quoted, nothing is written' : `no \`${key}\``;
    raw.report(FILE, [index, key], { found: `\`${key}\``, expected });
  }
}

function checkEmbedded(raw: RawCharter, index: number, embedded: string | undefined): void {
  for (const key of ['url', 'key', 'upstreamModel']) {
    if (raw.value(FILE, [index, key]) === undefined) continue;
    raw.report(FILE, [index, key], {
      found: `\`${key}\``,
      expected: `no \`${key}\`: the embedded model has no upstream`,
    });
  }
  const model = raw.text(FILE, [index, 'model']);
  const known = raw.ids('models.yaml', []);
  if (model === undefined || embedded === undefined || model === embedded) return;
  if (!known.includes(model) || !known.includes(embedded)) return;
  raw.report(FILE, [index, 'model'], {
    found: `\`${model}\``,
    expected: `\`${embedded}\`, the one model that \`embedded\` in charter.yaml lets the model process load`,
  });
}
