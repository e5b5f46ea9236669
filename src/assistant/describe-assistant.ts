import type { Charter, Model } from '../charter/schema.ts';
import { type AssistantContext, type AssistantRules, contestRules, openRules } from './context.ts';
import type { AssistantDescription } from './schema.ts';

/** What the first page must know. @throws Problem `not-found` while the assistant is closed */
export function describeAssistant(context: AssistantContext): AssistantDescription {
  const charter = context.charter();
  const rules = openRules(charter);
  const { country } = charter;
  return {
    name: rules.name,
    tagline: rules.tagline,
    hue: rules.hue,
    crest: rules.crest,
    country: { code: country.country, name: country.name },
    charter: { digest: charter.digest, status: country.status, notice: country.notice ?? null },
    interfaceLanguages: rules.interface,
    keepDays: rules.keepDays,
    contest: contestRules(charter),
    office: rules.office,
    abilities: country.languages.map((language) => ({
      language,
      quotes: context.frequent.list(language).length > 0,
      writes: writesIn(language, charter),
    })),
    chatModel: chatModelOf(charter, context),
    places: placesOf(charter, context),
    frequent: frequentOf(rules, context),
  };
}

/** Written answers need a model that was admitted to them in the language and that a backend serves. */
function writesIn(language: string, charter: Charter): boolean {
  return charter.backends.some((backend) => {
    const model = charter.models.find(({ id }) => id === backend.model);
    return admittedTo('written', model).includes(language);
  });
}

function chatModelOf(charter: Charter, { routes }: AssistantContext): AssistantDescription['chatModel'] {
  const [best] = routes.list('chat');
  const backend = charter.backends.find(({ id }) => id === best);
  const model = charter.models.find(({ id }) => id === backend?.model);
  if (model === undefined) return null;
  return { id: model.id, name: model.name, languages: admittedTo('chat', model), licence: model.licence };
}

function admittedTo(mode: 'chat' | 'written', model: Model | undefined): readonly string[] {
  return model?.admitted.find((admission) => admission.mode === mode)?.languages ?? [];
}

function placesOf(charter: Charter, { routes }: AssistantContext): AssistantDescription['places'] {
  const allowed = new Set([...routes.list('quoted'), ...routes.list('chat')]);
  const sites = charter.backends.filter(({ id }) => allowed.has(id)).map(({ site }) => site);
  return charter.sites
    .filter(({ id }) => sites.includes(id))
    .map(({ place, jurisdiction }) => ({ place, jurisdiction, inCountry: jurisdiction === charter.country.country }));
}

function frequentOf(rules: AssistantRules, { frequent }: AssistantContext): AssistantDescription['frequent'] {
  const lists = rules.interface.map((language) => [language, frequent.list(language)] as const);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}
