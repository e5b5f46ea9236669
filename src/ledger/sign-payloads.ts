import { sign } from 'node:crypto';
import { PAYLOAD_TYPE, preAuthentication, type SigningKey } from './sign.ts';

/** DSSE signatures, made on the thread pool: a batch uses all cores, and the event loop stays free for heartbeats. */
export function signPayloads(payloads: readonly Uint8Array[], { privateKey }: SigningKey): Promise<Uint8Array[]> {
  const signOne = (payload: Uint8Array) =>
    new Promise<Uint8Array>((resolve, reject) => {
      sign(null, preAuthentication(PAYLOAD_TYPE, payload), privateKey, (error, signature) => {
        if (error === null) resolve(signature);
        else reject(error);
      });
    });
  return Promise.all(payloads.map(signOne));
}
