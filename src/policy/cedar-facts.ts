/** What a policy can read: the source of the Cedar schema and of the table in docs/spec/charter.md. */
export interface Fact {
  readonly name: string;
  readonly type: string;
  readonly says: string;
}

export const tenantFacts: readonly Fact[] = [
  { name: 'kind', type: 'TenantKind', says: '`kind` of tenants.yaml, such as `TenantKind::"school"`' },
];

const backendFlags = [
  { name: 'inCountry', says: 'it runs in the country' },
  { name: 'inBloc', says: 'it runs in the country or in a bloc that binds it' },
  { name: 'operatorInCountry', says: 'the operator is under the law of the country' },
  { name: 'operatorInBloc', says: 'the operator is under the law of the country or of a bloc that binds it' },
  { name: 'parentInCountry', says: 'only the law of the country reaches the owner of the operator' },
  {
    name: 'parentInBloc',
    says: 'the law of the country, or of a bloc that binds it, reaches the owner of the operator',
  },
  { name: 'openLicence', says: 'everybody may use, change and pass on the weights for any purpose' },
  { name: 'cleared', says: 'the clearance of the backend covers the classification of the request' },
] as const;

export const backendAttributes: readonly Fact[] = [
  { name: 'jurisdiction', type: 'Jurisdiction', says: 'of the site, such as `Jurisdiction::"EE"`' },
  { name: 'operatorJurisdiction', type: 'Jurisdiction', says: 'of the operator' },
  { name: 'parentJurisdiction', type: 'Jurisdiction', says: 'whose law reaches the owner of the operator' },
  ...backendFlags.map(({ name, says }) => ({ name, type: 'Bool', says })),
  { name: 'licence', type: 'Licence', says: 'of the model, an SPDX identifier, such as `Licence::"MIT"`' },
  { name: 'clearanceLevel', type: 'Long', says: 'highest level of the backend, counted from 0' },
];

export const contextFacts: readonly Fact[] = [
  { name: 'mode', type: 'Mode', says: 'what is asked of the model, such as `Mode::"chat"`' },
  { name: 'purpose', type: 'Purpose', says: 'registered purpose, such as `Purpose::"drafting"`' },
  { name: 'audience', type: 'Set<Audience>', says: 'audience of the purpose' },
  { name: 'uses', type: 'Set<Use>', says: 'prohibited uses that the purpose declares' },
  { name: 'classification', type: 'Level', says: 'level of the request, such as `Level::"internal"`' },
  { name: 'level', type: 'Long', says: 'the same as a number: 0 is the lowest level' },
  { name: 'caveats', type: 'Set<Caveat>', says: 'caveats of the request, such as `Caveat::"personal"`' },
];
