/** Tiles and entry bundles as C2SP tlog-tiles lays them out. No Node import: verifiers in a browser use it too. */
import { concat } from '../kit/browser.ts';

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** tlog-tiles: levels 0 to 63. */
const MAX_LEVEL = 63;
const MAX_ENTRY_BYTES = 65_535;

export type Place =
  | { readonly kind: 'tile'; readonly level: number; readonly index: number; readonly width: number }
  | { readonly kind: 'entries'; readonly index: number; readonly width: number };

/** Numbers in groups of three digits, all but the last with an `x`: 1234067 is `x001/x234/067`. */
function formatIndex(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

function suffix(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

export function tilePath(level: number, index: number, width: number = TILE_WIDTH): string {
  return `tile/${level}/${formatIndex(index)}${suffix(width)}`;
}

export function entriesPath(index: number, width: number = TILE_WIDTH): string {
  return `tile/entries/${formatIndex(index)}${suffix(width)}`;
}

/** Null for everything that is not the one canonical path of a tile or bundle. */
export function parseTilePath(path: string): Place | null {
  const match = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (match === null) return null;
  const [, what = '', digits = '', partial] = match;
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (!Number.isSafeInteger(index) || (partial !== undefined && width >= TILE_WIDTH)) return null;
  if (what === 'entries') return entriesPath(index, width) === path ? { kind: 'entries', index, width } : null;
  const level = Number(what);
  if (level > MAX_LEVEL || tilePath(level, index, width) !== path) return null;
  return { kind: 'tile', level, index, width };
}

/** Every tile and bundle that a tree of this size has, and no other. */
export function placesOf(size: number): Place[] {
  const places: Place[] = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / TILE_WIDTH)) {
    for (let index = 0; index * TILE_WIDTH < count; index++) {
      const width = Math.min(TILE_WIDTH, count - index * TILE_WIDTH);
      if (level === 0) places.push({ kind: 'entries', index, width });
      places.push({ kind: 'tile', level, index, width });
    }
  }
  return places;
}

export function pathOf(place: Place): string {
  return place.kind === 'tile'
    ? tilePath(place.level, place.index, place.width)
    : entriesPath(place.index, place.width);
}

/** Entries with a big-endian 16-bit length before each. @throws RangeError on an entry that is too long */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES)
      throw new RangeError(`an entry has ${entry.length} bytes, more than ${MAX_ENTRY_BYTES}`);
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry);
  }
  return concat(...parts);
}

/** Exactly `count` entries and not a byte more. @throws RangeError */
export function decodeBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < count) {
    if (at + 2 > bytes.length) throw new RangeError(`the bundle ends after ${entries.length} of ${count} entries`);
    const length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    at += 2;
    if (at + length > bytes.length) throw new RangeError(`entry ${entries.length} of the bundle is cut`);
    entries.push(bytes.slice(at, at + length));
    at += length;
  }
  if (at !== bytes.length) throw new RangeError(`the bundle has ${bytes.length - at} bytes behind its last entry`);
  return entries;
}
