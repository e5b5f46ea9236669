import type { Backend } from '../charter/schema.ts';
import { lackOfSecret } from '../inference/index.ts';

/** What a start says of backends that cannot be asked for want of their key. */
export function lackingKeyLines(backends: readonly Backend[], environment: NodeJS.ProcessEnv): readonly string[] {
  return backends.flatMap(({ id, key, keyId }) =>
    [key, keyId].flatMap((reference) => {
      const lack = reference === undefined ? null : lackOfSecret(reference, environment);
      return lack === null ? [] : [`backend ${id}: ${lack}; nothing is sent to it until it is there`];
    }),
  );
}
