/** Headers of an answer, gathered along the path: names and values in turn, as node's `writeHead` takes them without a look-up. */
export class AnswerHeaders {
  readonly #flat: string[];

  constructor(...flat: string[]) {
    this.#flat = flat;
  }

  /** `name` in lower case. A value that was there goes. */
  set(name: string, value: string): void {
    const flat = this.#flat;
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue;
      flat[at + 1] = value;
      return;
    }
    flat.push(name, value);
  }

  setAll(headers: Readonly<Record<string, string>>): void {
    for (const name in headers) this.set(name, headers[name] as string);
  }

  drop(name: string): void {
    const at = this.#flat.findIndex((word, place) => place % 2 === 0 && word === name);
    if (at >= 0) this.#flat.splice(at, 2);
  }

  /** The list itself, to be sent. */
  flat(): readonly string[] {
    return this.#flat;
  }

  toRecord(): Record<string, string> {
    const record: Record<string, string> = {};
    for (let at = 0; at < this.#flat.length; at += 2) record[this.#flat[at] as string] = this.#flat[at + 1] as string;
    return record;
  }
}
