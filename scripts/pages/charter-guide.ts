export interface CharterTables {
  readonly files: string;
  readonly tenant: string;
  readonly backend: string;
  readonly context: string;
  /** Rows without a head. */
  readonly clauses: string;
}

/** The words around the tables of docs/spec/charter.md. */
export function charterGuide({ files, tenant, backend, context, clauses }: CharterTables): string {
  return `# The charter

A charter is a folder of small YAML files and Cedar policies. \`charters/estonia/\` is a worked example; \`./polity init <country>\`
writes a template; \`./polity charter check <folder>\` reports every mistake with file, line and column, and the nearest valid
name; \`./polity charter explain <folder>\` prints it as prose. This page is made by \`npm run docs\` from the
schemas that check a charter.

## Files

The files are plain YAML 1.2 in UTF-8: no byte order mark, no tabs for indentation, no anchors, aliases, tags or second documents,
at most 256 KiB each and 16 levels of nesting, each key once. All eight files and at least one policy must be there. A
folder \`knowledge/\` holds [documents for quoted answers](../guides/knowledge.md); everything else is named in a warning and ignored. A charter is public: secrets stand in it only as \`env:NAME\` or \`file:/path\`.

A text by language is a map such as \`{ et: amet, en: agency }\`. It must have the principal language (the first of \`languages\`);
a missing other language is a warning. An id has lower-case letters, digits, dots and hyphens, at most 63 characters.

${files}

## Digest and adoption

The digest of a charter is the SHA-256, in hexadecimal, over one line \`<path> <sha256>\` for each of its files, sorted by path, each
line ended by a line feed; the inner SHA-256 is over the exact bytes of the file. So a changed comment is a changed charter.

The adopted version lives in the database. Edited files are a proposal. With \`status: example\` or a quorum of 0 a proposal is adopted
at start or by \`./polity charter apply\`; otherwise it waits for its signatures. The version in force has a say too: files that lower
their own quorum do not free themselves. A charter with mistakes is refused and the old one stays.

## Classification

A request carries a level and caveats: \`x-polity-classification: internal; personal minor\`. One classification *dominates* another
when its level is at least as high and it has all the caveats of the other. A request goes to a backend only when the clearance of
the tenant, the classes of the purpose and the clearance of the backend each dominate its classification; joined classifications
take the higher level and the caveats of both.

## Policies

Each policy in \`policies/*.cedar\` is Cedar with annotations: \`@id\` (unique), \`@name\`, \`@legalBasis\`, \`@owner\` (an institution),
\`@reviewDate\`, and \`@sentence_<language>\` for each language of the charter (\`zh-Hans\` becomes \`@sentence_zh_Hans\`). A permit may carry
\`@obligation("disclose")\`, \`@obligation("pseudonymise")\` or both, separated by a comma.

A request is allowed when a permit of the charter's law matches, none of its forbids does, no red line does, and no policy errs.
Red lines are released with Polity, forbid only, and are named in charter.yaml by their digest: \`universal\` always, \`eu\` for members
of the Union.

Policies use operators over finite sets only, so that the whole law can be enumerated and proved: \`==\`, \`!=\`, \`<\`, \`<=\`, \`>\`, \`>=\`,
\`&&\`, \`||\`, \`!\`, \`in\`, \`is\`, \`has\`, \`contains\`, \`containsAll\`, \`containsAny\`, \`isEmpty\`, \`if … then … else\`. Names are enumerated entities, so
a misspelt one is a mistake with its place. The one action is \`Action::"answer"\`.

### The tenant

${tenant}

### The backend

${backend}

### The request

${context}

### Clauses of the platform

What denies a request without any policy saying so; a denial cites these beside the policies.

| Clause | Sentence |
|---|---|
${clauses}
`;
}
