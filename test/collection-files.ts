import type { CollectionFile } from '../src/knowledge/index.ts';

interface Sample {
  readonly id: string;
  readonly language: string;
  readonly title: string;
  readonly question: string;
  readonly search?: string;
  readonly arabic?: string;
  readonly passages: readonly (readonly [heading: string, text: string])[];
}

export function collectionFile(sample: Sample): CollectionFile {
  const { id, language, title, question, search = '', arabic = '' } = sample;
  const text = [
    '---',
    `id: ${id}`,
    `title: ${JSON.stringify(title)}`,
    `question: ${JSON.stringify(question)}`,
    'authority: Office',
    'link: https://example.org/service',
    'office: { name: Office, link: "https://example.org/" }',
    'law: []',
    'audience: [citizen]',
    'provenance: project',
    'checked: null',
    `search: [${search}]`,
    ...(arabic === '' ? [] : [`searchOther: { ar: [${arabic}] }`]),
    '---',
    ...sample.passages.flatMap(([heading, words]) => ['', `## ${heading}`, '', words]),
    '',
  ].join('\n');
  return { path: `knowledge/${language}/${id}.md`, language, text, bytes: new TextEncoder().encode(text) };
}

/** Four services, small enough to know what must be found. */
export const sampleFiles: readonly CollectionFile[] = (
  [
    {
      id: 'birth',
      language: 'et',
      title: 'Lapse sünni registreerimine',
      question: 'Kuidas registreerida lapse sündi?',
      search: 'beebi, vastsündinu, sünnitunnistus',
      passages: [
        ['Kuidas registreerida', 'Lapse sünni registreerib vanem perekonnaseisuasutuses.'],
        ['Kaksikud', 'Kaksikute puhul esitatakse iga lapse kohta oma avaldus.'],
      ],
    },
    {
      id: 'tax',
      language: 'et',
      title: 'Tuludeklaratsioon',
      question: 'Kuidas esitada tuludeklaratsiooni?',
      search: 'tulumaks, maks, tagastus',
      passages: [['Esitamine', 'Deklaratsiooni saab esitada e-maksuametis.']],
    },
    {
      id: 'birth',
      language: 'en',
      title: 'Registering the birth of a child',
      question: 'How do I register the birth of my child?',
      search: 'baby, newborn, birth certificate',
      arabic: 'ولادة, تسجيل, مولود, طفل',
      passages: [
        ['How to register', 'A parent registers the birth at the vital statistics office.'],
        ['Twins', 'For twins, each child has an application of its own.'],
      ],
    },
    {
      id: 'tax',
      language: 'en',
      title: 'Income tax return',
      question: 'How do I file my income tax return?',
      search: 'declare income, refund',
      arabic: 'ضريبة, دخل, إقرار',
      passages: [['Filing', 'The return is filed with the tax board. What it costs is said there.']],
    },
    {
      id: 'birth',
      language: 'ru',
      title: 'Регистрация рождения ребёнка',
      question: 'Как зарегистрировать рождение ребёнка?',
      search: 'младенец, новорождённый, свидетельство о рождении',
      passages: [
        ['Как зарегистрировать', 'Рождение регистрирует родитель в учреждении.'],
        ['Стоимость', 'Сколько стоит регистрация, сказано на странице учреждения.'],
      ],
    },
    {
      id: 'tax',
      language: 'ru',
      title: 'Декларация о доходах',
      question: 'Как подать декларацию о доходах?',
      search: 'налог, возврат налога',
      passages: [['Подача', 'Декларацию подают в налоговый департамент. Подача ничего не стоит.']],
    },
  ] satisfies Sample[]
).map(collectionFile);
