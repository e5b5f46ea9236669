/** Members whose strings are names of the protocol, or bytes in base64, and never what somebody said. */
const SILENT = new Set([
  'role',
  'type',
  'id',
  'tool_call_id',
  'tool_use_id',
  'call_id',
  'detail',
  'format',
  'media_type',
  'b64_json',
  'file_data',
  'signature',
  'encrypted_content',
  'cache_control',
]);

/**
 * Every string that a person or program put into these values, wherever a reader may find it: messages, arguments and
 * results of tools, descriptions. Bytes in base64 are left out: no detector of text reads them.
 */
export function collectTexts(...values: readonly unknown[]): string[] {
  const texts: string[] = [];
  for (const value of values) collect(value, texts);
  return texts;
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') {
    if (value !== '' && !value.startsWith('data:')) texts.push(value);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, texts);
    return;
  }
  const fields = value as Record<string, unknown>;
  // Images, audio and documents carry their bytes in `data`.
  const isMedia = fields.type === 'base64' || fields.format !== undefined;
  for (const key of Object.keys(fields)) {
    if (SILENT.has(key) || (isMedia && key === 'data')) continue;
    collect(fields[key], texts);
  }
}
