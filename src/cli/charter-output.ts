/** Where a command writes: one line each, without the line feed. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}
