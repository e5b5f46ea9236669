/** Why there is nothing to ask a provider with: `name` goes into the log, and no word of it is of a key or of another server's text. */
export class NoCredentials extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = reason;
  }
}
