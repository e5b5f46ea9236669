/** ISO 3166-1 alpha-2, officially assigned codes (249). Source: ISO 3166-1:2020, as listed on 2026-11-23. */
const iso3166 =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

export const countryCodes: readonly string[] = iso3166.split(' ');

// Member states of the European Union since 2020-02-01; the EEA adds three EFTA states. Source: Treaty on European
// Union Article 52; EEA Agreement.
const europeanUnion = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

export const knownBlocs: Readonly<Record<string, readonly string[]>> = {
  EU: europeanUnion,
  EEA: [...europeanUnion, 'IS', 'LI', 'NO'],
};

/** Slips that an edit distance does not find. */
const usualSlips: Readonly<Record<string, string>> = { UK: 'GB', EL: 'GR', SW: 'SE', ENG: 'GB', USA: 'US' };

export function usualSlip(code: string): string | undefined {
  return usualSlips[code];
}

/** Countries whose legal order is the country's own or one that a bloc of it binds too. */
export function ownLegalSpace(charter: {
  readonly country: string;
  readonly blocs: readonly string[];
  readonly blocMembers: Readonly<Record<string, readonly string[]>>;
}): ReadonlySet<string> {
  const space = new Set([charter.country]);
  for (const bloc of charter.blocs) {
    space.add(bloc);
    for (const member of charter.blocMembers[bloc] ?? knownBlocs[bloc] ?? []) space.add(member);
  }
  return space;
}
