import { sign } from 'node:crypto';
import { toBase64 } from '../kit/index.ts';
import { PAYLOAD_TYPE, preAuthentication, type SigningKey } from './sign.ts';

/** DSSE signatures in base64, made on the thread pool: a batch uses all cores, and the event loop stays free for heartbeats. */
export function signPayloads(payloads: readonly Uint8Array[], { privateKey }: SigningKey): Promise<string[]> {
  const signOne = (payload: Uint8Array) =>
    new Promise<string>((resolve, reject) => {
      sign(null, preAuthentication(PAYLOAD_TYPE, payload), privateKey, (error, signature) => {
        if (error === null) resolve(toBase64(signature));
        else reject(error);
      });
    });
  return Promise.all(payloads.map(signOne));
}
