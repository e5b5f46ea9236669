import type { Backend } from '../../charter/schema.ts';
import { openUpstream } from '../open-upstream.ts';
import { openWhenReady } from '../open-when-ready.ts';
import type { ModelPort } from '../ports.ts';
import { resolveSecret } from '../resolve-secret.ts';
import { GoogleTokens } from './google-tokens.ts';
import { openProvider, type ProviderOptions } from './open-provider.ts';
import { type AwsKeys, readAwsLogin } from './read-aws-login.ts';
import { isServiceAccount, readServiceAccount } from './read-service-account.ts';

type Keys = Pick<ProviderOptions, 'key' | 'keyId' | 'tokens' | 'keyObstacle'>;

/**
 * A service account's key file buys tokens, a file of AWS's credentials signs; any other key is sent as it is. A file of one kind may
 * become one of the other.
 */
function keysOf({ dialect, key: reference, keyId: idReference, region, allowPrivateAddress }: Backend): Keys {
  if (reference === undefined) return {};
  const key = resolveSecret(reference);
  if (dialect === 'vertex') {
    if (isServiceAccount(key.reveal())) readServiceAccount(key.reveal());
    const tokens = new GoogleTokens(key, allowPrivateAddress);
    return { key, tokens, keyObstacle: () => tokens.obstacle() };
  }
  if (dialect !== 'bedrock') return { key };
  const keyId = idReference === undefined ? {} : { keyId: resolveSecret(idReference) };
  return { key, ...keyId, keyObstacle: () => awsObstacle({ key, ...keyId, region }) };
}

function awsObstacle(keys: AwsKeys): string | null {
  try {
    readAwsLogin(keys, Date.now());
    return null;
  } catch (cause) {
    return (cause as Error).message;
  }
}

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
      const { region } = backend;
      return openWhenReady(() =>
        openProvider({
          ...base,
          dialect,
          ...keysOf(backend),
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
