/** RFC 9162 sections 2.1.3.2 and 2.1.4.2. Numbers, not bits: shifts would end at 2^31. */
import { equalBytes } from '../../kit/browser.ts';
import { subtreeHeight } from '../subtree-height.ts';
import { hashNode, type Sha256 } from './crypto.ts';

export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

const half = (n: number) => Math.floor(n / 2);
const isOdd = (n: number) => n % 2 === 1;

export async function holdsInclusion(claim: InclusionClaim, sha256: Sha256): Promise<boolean> {
  if (claim.index >= claim.size) return false;
  let first = claim.index;
  let last = claim.size - 1;
  let hash = claim.leafHash;
  for (const sibling of claim.path) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      hash = await hashNode(sibling, hash, sha256);
      while (!isOdd(first) && first !== 0) {
        first = half(first);
        last = half(last);
      }
    } else hash = await hashNode(hash, sibling, sha256);
    first = half(first);
    last = half(last);
  }
  return last === 0 && equalBytes(hash, claim.root);
}

export interface ConsistencyClaim {
  readonly old: { readonly size: number; readonly root: Uint8Array };
  readonly now: { readonly size: number; readonly root: Uint8Array };
  readonly path: readonly Uint8Array[];
}

/** An empty old tree is consistent with everything: that is settled before a proof is asked for. */
export async function holdsConsistency({ old, now, path }: ConsistencyClaim, sha256: Sha256): Promise<boolean> {
  if (old.size === now.size) return path.length === 0 && equalBytes(old.root, now.root);
  if (old.size === 0 || old.size > now.size) return false;
  const hashes = subtreeHeight(old.size) !== null ? [old.root, ...path] : [...path];
  const seed = hashes.shift();
  if (seed === undefined) return false;
  let first = old.size - 1;
  let last = now.size - 1;
  while (isOdd(first)) {
    first = half(first);
    last = half(last);
  }
  let oldHash = seed;
  let newHash = seed;
  for (const sibling of hashes) {
    if (last === 0) return false;
    if (isOdd(first) || first === last) {
      oldHash = await hashNode(sibling, oldHash, sha256);
      newHash = await hashNode(sibling, newHash, sha256);
      while (!isOdd(first) && first !== 0) {
        first = half(first);
        last = half(last);
      }
    } else newHash = await hashNode(newHash, sibling, sha256);
    first = half(first);
    last = half(last);
  }
  return last === 0 && equalBytes(oldHash, old.root) && equalBytes(newHash, now.root);
}
