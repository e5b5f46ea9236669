import type { Clause } from './schema.ts';

/** What the platform itself denies, whatever the policies say. Ids that no policy may take. */
export const builtinClauses = {
  'not-registered': {
    name: 'Only registered tenants and purposes',
    legalBasis: 'tenants.yaml and purposes.yaml of the charter',
    en: 'The charter registers no such tenant, or not this purpose for it.',
    et: 'Harta ei nimeta sellist asutust või ei luba talle seda eesmärki.',
    ru: 'В хартии нет такого учреждения, или эта цель для него не зарегистрирована.',
  },
  'no-backend': {
    name: 'No backend serves the model',
    legalBasis: 'backends.yaml of the charter',
    en: 'No backend of the charter serves the model that was asked for.',
    et: 'Ükski harta taust ei paku küsitud mudelit.',
    ru: 'Ни один сервер хартии не предоставляет запрошенную модель.',
  },
  'above-tenant-clearance': {
    name: 'Data above the clearance of the tenant',
    legalBasis: 'classification.yaml and tenants.yaml of the charter',
    en: 'The tenant may not handle data of this class.',
    et: 'Asutus ei tohi selle klassi andmeid käidelda.',
    ru: 'Учреждение не вправе обрабатывать данные этого класса.',
  },
  'above-purpose': {
    name: 'Data above the classes of the purpose',
    legalBasis: 'classification.yaml and purposes.yaml of the charter',
    en: 'Data of this class may not be used for this purpose.',
    et: 'Selle klassi andmeid ei tohi sel eesmärgil kasutada.',
    ru: 'Данные этого класса нельзя использовать для этой цели.',
  },
  'above-backend-clearance': {
    name: 'Data above the clearance of the backend',
    legalBasis: 'classification.yaml and backends.yaml of the charter',
    en: 'The backend is not attested for data of this class.',
    et: 'Taust ei ole selle klassi andmete jaoks kinnitatud.',
    ru: 'Сервер не аттестован для данных этого класса.',
  },
  'model-not-admitted': {
    name: 'The model is not admitted to this mode',
    legalBasis: 'models.yaml of the charter',
    en: 'The model has not been admitted to answer in this mode in any language.',
    et: 'Mudelit ei ole üheski keeles sellesse režiimi lubatud.',
    ru: 'Модель не допущена к этому режиму ни на одном языке.',
  },
  'no-permit': {
    name: 'No policy permits it',
    legalBasis: 'policies of the charter: what no policy permits is denied',
    en: 'No policy of the charter permits this request.',
    et: 'Ükski harta poliitika ei luba seda päringut.',
    ru: 'Ни одна политика хартии не разрешает этот запрос.',
  },
  'policy-error': {
    name: 'A policy could not be evaluated',
    legalBasis: 'policies of the charter: what cannot be decided is denied',
    en: 'A policy could not be evaluated, so the request is denied.',
    et: 'Poliitikat ei saanud hinnata, seega on päring keelatud.',
    ru: 'Политику не удалось вычислить, поэтому запрос отклонён.',
  },
} as const;

export type BuiltinClauseId = keyof typeof builtinClauses;

export function builtinClause(id: BuiltinClauseId): Clause {
  const { name, legalBasis, ...sentences } = builtinClauses[id];
  return { id, set: 'law', name, legalBasis, sentences };
}
