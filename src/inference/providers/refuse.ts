import { Problem } from '../../kit/index.ts';

/** A request that this provider cannot carry out; nothing was sent. */
export function refuse(param: string, why: string): Problem {
  return new Problem('unsupported-parameter', `this provider cannot carry out \`${param}\`: ${why}`, { param });
}
