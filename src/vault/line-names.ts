/** Where a line's bytes are sealed for. */
export function placeOfLine(batch: string, number: number) {
  return { table: 'vault_batch_line', row: `${batch}/${number}`, column: 'sealed' };
}

/** Of its result. */
export function lineIdOf(batch: string, number: number): string {
  return `batch_req_${batch.slice('batch_'.length, 30)}${number}`;
}
