export type Json = Readonly<Record<string, unknown>>;

/** What a package is about to send. */
export interface SentRequest {
  readonly body: Json;
  /** The body's members and those of its groups of settings, whose names do not meet. */
  readonly settings: Json;
}

/** Where settings stand, when not at the top. */
const groups = ['inferenceConfig', 'generationConfig', 'additionalModelRequestFields'];

export function readSent(text: string): SentRequest {
  const body = JSON.parse(text) as Json;
  return { body, settings: Object.assign({ ...body }, ...groups.map((group) => body[group] ?? {})) };
}

/** A member that is an object; an empty one where it is none. */
export function memberOf(value: Json, name: string): Json {
  const member = value[name];
  return member !== null && typeof member === 'object' ? (member as Json) : {};
}
