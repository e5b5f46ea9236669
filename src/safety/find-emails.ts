/** RFC 5321: 64 octets before the @, 255 after it. Bounds keep a text of nothing but @ linear. */
const LOCAL_MOST = 64;
const DOMAIN_MOST = 255;
const localEnd = /[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-][.]?$/u;
const domain =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})(?![\p{L}\p{N}])/iu;

/** Addresses `local@domain.tld`. A handle such as `@riik` or a password with an @ is none. */
export function countEmails(text: string): number {
  let count = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const before = text.slice(Math.max(0, at - LOCAL_MOST), at);
    if (localEnd.test(before) && !before.endsWith('.') && domain.test(text.slice(at + 1, at + 1 + DOMAIN_MOST)))
      count += 1;
  }
  return count;
}
