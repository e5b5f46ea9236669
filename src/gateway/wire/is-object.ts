type Loose = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Loose {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** An empty list too. */
export function areObjects(values: unknown): values is readonly Loose[] {
  return Array.isArray(values) && values.every(isObject);
}
