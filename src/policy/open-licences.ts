/**
 * Licences under which weights may be used, changed and passed on by anybody for any purpose. Source: the list of the
 * Open Source Initiative and opendefinition.org for data licences, 2026-11-23. Terms with use restrictions
 * (Gemma, Llama, RAIL) are not among them.
 */
export const openLicences: readonly string[] = [
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC0-1.0',
  'EUPL-1.2',
  'ISC',
  'MIT',
  'MIT-0',
];
