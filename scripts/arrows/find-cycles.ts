/** Every knot of files that reach each other (Tarjan's strongly connected components), each once, in walking order. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const knots: string[][] = [];

  function walk(file: string): void {
    order.set(file, order.size);
    low.set(file, order.get(file) as number);
    stack.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) walk(next);
      else if (!stack.includes(next)) continue;
      low.set(file, Math.min(low.get(file) as number, low.get(next) as number));
    }
    if (low.get(file) !== order.get(file)) return;
    const knot = stack.splice(stack.indexOf(file));
    if (knot.length > 1 || edges.get(file)?.includes(file)) knots.push(knot);
  }

  for (const file of edges.keys()) if (!order.has(file)) walk(file);
  return knots;
}
