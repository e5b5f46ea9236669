import type { Backend } from '../../charter/schema.ts';
import { openUpstream } from '../open-upstream.ts';
import { openWhenReady } from '../open-when-ready.ts';
import type { ModelPort } from '../ports.ts';
import { resolveSecret } from '../resolve-secret.ts';
import { openProvider } from './open-provider.ts';

/** The port of a backend that its entry in the charter gives an address; opened as soon as its keys are there. */
export function openBackend(backend: Backend): ModelPort {
  const { dialect, url: baseUrl = '', concurrent: connections, allowPrivateAddress, apiVersion } = backend;
  const base = { baseUrl, connections, allowPrivateAddress };
  const key = () => resolveSecret(backend.key ?? '');
  switch (dialect) {
    case 'anthropic':
    case 'bedrock':
    case 'vertex':
    case 'cohere':
    case 'mistral': {
      const { keyId, region } = backend;
      return openWhenReady(() =>
        openProvider({
          ...base,
          dialect,
          ...(backend.key === undefined ? {} : { key: key() }),
          ...(keyId === undefined ? {} : { keyId: resolveSecret(keyId) }),
          ...(region === undefined ? {} : { region }),
        }),
      );
    }
    case 'azure': {
      const query = apiVersion === undefined ? {} : { query: `api-version=${apiVersion}` };
      return openWhenReady(() => openUpstream({ ...base, ...query, key: key(), keyHeader: 'api-key' }));
    }
    default:
      if (backend.key === undefined) return openUpstream(base);
      return openWhenReady(() => openUpstream({ ...base, key: key() }));
  }
}
