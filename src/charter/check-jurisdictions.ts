import { findNearest } from './find-nearest.ts';
import { countryCodes, knownBlocs, usualSlip } from './jurisdictions.ts';
import type { RawCharter } from './raw-charter.ts';
import type { Path } from './read-yaml.ts';

/** Every jurisdiction is a country of ISO 3166-1 or a bloc whose members are known. */
export function checkJurisdictions(raw: RawCharter): void {
  const own = Object.keys((raw.value('charter.yaml', ['blocMembers']) as Record<string, unknown> | undefined) ?? {});
  const blocs = [...Object.keys(knownBlocs), ...own];
  const check = (file: string, path: Path, { valid, expected }: Allowed): void => {
    const code = raw.text(file, path);
    if (code === undefined || valid.includes(code) || !/^[A-Z]{2,3}$/.test(code)) return;
    raw.report(file, path, { found: `\`${code}\``, expected, nearest: usualSlip(code) ?? findNearest(code, valid) });
  };
  const country: Allowed = { valid: countryCodes, expected: 'an ISO 3166-1 code of a country' };
  const anywhere: Allowed = {
    valid: [...countryCodes, ...blocs],
    expected: `${country.expected} or one of the blocs ${blocs.join(', ')}`,
  };
  const bloc: Allowed = {
    valid: blocs,
    expected: `one of ${blocs.join(', ')}, or a bloc whose members \`blocMembers\` lists`,
  };

  check('charter.yaml', ['country'], country);
  for (const index of raw.list('charter.yaml', ['blocs']).keys()) check('charter.yaml', ['blocs', index], bloc);
  for (const code of own) {
    const members = raw.list('charter.yaml', ['blocMembers', code]);
    for (const index of members.keys()) check('charter.yaml', ['blocMembers', code, index], country);
  }
  for (const index of raw.list('models.yaml', []).keys()) {
    check('models.yaml', [index, 'origin', 'jurisdiction'], anywhere);
  }
  for (const index of raw.list('sites.yaml', []).keys()) check('sites.yaml', [index, 'jurisdiction'], country);
  for (const index of raw.list('backends.yaml', []).keys()) {
    check('backends.yaml', [index, 'operator', 'jurisdiction'], anywhere);
    check('backends.yaml', [index, 'parentJurisdiction'], anywhere);
  }
}

interface Allowed {
  readonly valid: readonly string[];
  readonly expected: string;
}
