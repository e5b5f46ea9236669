import { z } from 'zod';
import { Problem } from '../../kit/index.ts';

/** What a key file of Google's says. cloud.google.com/iam/docs/keys-create-delete (2026-11) */
export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | null;
  /** PEM */
  readonly privateKey: string;
  readonly tokenUri: string;
}

const keyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3),
  private_key: z.string().includes('PRIVATE KEY'),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
});

/** Whether a key is a key file, and no API key or token. */
export function isServiceAccount(text: string): boolean {
  return text.startsWith('{');
}

/** @throws Problem that names the member and none of its values */
export function readServiceAccount(text: string): ServiceAccount {
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('charter-invalid', 'the key file of the service account is no JSON; download it again');
  }
  const { success, data, error } = keyFile.safeParse(value);
  if (!success) {
    const member = error.issues[0]?.path.join('.') || 'type';
    throw new Problem(
      'charter-invalid',
      `the key file of the service account has no right \`${member}\`; download it again`,
    );
  }
  const { client_email: email, private_key: privateKey, private_key_id: keyId = null, token_uri: tokenUri } = data;
  return { email, keyId, privateKey, tokenUri };
}
