const NAME = 'polity_session';

/** `Set-Cookie` for a session, or, without a secret, the one that removes it. Never sent to `/v1` or to pages. */
export function sessionCookie(secret: string | null, publicUrl: string): string {
  const parts = [`${NAME}=${secret ?? ''}`, 'Path=/api', 'HttpOnly', 'SameSite=Lax'];
  if (new URL(publicUrl).protocol === 'https:') parts.push('Secure');
  if (secret === null) parts.push('Max-Age=0');
  return parts.join('; ');
}

/** The session's secret from a `Cookie` header, or null. Two cookies of the name are one too many: somebody plants them. */
export function readSessionCookie(header: string | undefined): string | null {
  if (header === undefined) return null;
  const values = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${NAME}=`))
    .map((part) => part.slice(NAME.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}
