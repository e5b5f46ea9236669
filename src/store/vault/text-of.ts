/** An id as somebody wrote it. PostgreSQL's text has no NUL, so no row has such an id; null is equal to none. */
export function textOf(id: string): string | null {
  return id.includes('\0') ? null : id;
}
