import { z } from 'zod';
import type { Secret } from '../resolve-secret.ts';
import { NoCredentials } from './no-credentials.ts';

/** What Bedrock is asked with: an API key, or what signs (Signature Version 4). */
export type AwsLogin = { readonly apiKey: string } | AwsCredentials;

export interface AwsKeys {
  readonly key: Secret;
  readonly keyId?: Secret | undefined;
  readonly region?: string | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that end. */
  readonly sessionToken?: string;
}

/**
 * As the tools of AWS write them, `credential_process` with `SessionToken`, the endpoints of roles with `Token`.
 * docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html (2026-11)
 */
const credentialFile = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().min(1).optional(),
  Token: z.string().min(1).optional(),
  Expiration: z.iso.datetime({ offset: true }).optional(),
});

/** A key in braces is a file of credentials that end; with a key id it signs; alone it is an API key. @throws NoCredentials */
export function readAwsLogin({ key, keyId, region }: AwsKeys, nowMs: number): AwsLogin {
  const text = key.reveal();
  if (!text.startsWith('{') && keyId === undefined) return { apiKey: text };
  if (region === undefined)
    throw new NoCredentials('credentials sign for a region: the entry of the backend needs its `region`');
  return text.startsWith('{') ? readFile(text, nowMs) : { accessKeyId: keyId?.reveal() ?? '', secretAccessKey: text };
}

function readFile(text: string, nowMs: number): AwsCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Token, Expiration } = parseFile(text);
  if (Expiration !== undefined && Date.parse(Expiration) <= nowMs)
    throw new NoCredentials('the credentials of the key file have ended; whatever writes the file must renew them');
  const sessionToken = SessionToken ?? Token;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function parseFile(text: string): z.infer<typeof credentialFile> {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NoCredentials('the key file of credentials is no JSON');
  }
  const { success, data, error } = credentialFile.safeParse(value);
  if (success) return data;
  throw new NoCredentials(`the key file of credentials has no right \`${error.issues[0]?.path.join('.')}\``);
}
