import type { FormEvent, KeyboardEvent } from 'react';
import { useMessages } from '../../shared/i18n/language.tsx';
import { FactSelect } from '../law/fact-select.tsx';
import type { ChatWish } from './chat-wish.ts';

export interface Choices {
  readonly tenants: readonly { readonly id: string; readonly purposes: readonly string[] }[];
  readonly levels: readonly string[];
  readonly models: readonly string[];
}

interface PlaygroundFormProps {
  readonly wish: ChatWish;
  readonly choices: Choices;
  readonly isRunning: boolean;
  onWish(wish: ChatWish): void;
  onAsk(): void;
  onStop(): void;
}

const COLUMNS = ['first', 'second', 'third', 'fourth'] as const;

/** Who asks, whom, and what. Ctrl and Enter asks. */
export function PlaygroundForm({ wish, choices, isRunning, onWish, onAsk, onStop }: PlaygroundFormProps) {
  const { t } = useMessages('playground');
  const set = (more: Partial<ChatWish>) => onWish({ ...wish, ...more });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onAsk();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onAsk();
  };
  const purposes = choices.tenants.find(({ id }) => id === wish.tenant)?.purposes ?? [];
  return (
    <form className="playground-form no-print" onSubmit={onSubmit}>
      <div className="playground-row">
        <FactSelect
          name={t('tenant')}
          value={wish.tenant}
          values={choices.tenants.map(({ id }) => id)}
          onValue={(tenant) => set({ tenant, purpose: '' })}
        />
        <FactSelect
          name={t('purpose')}
          value={wish.purpose}
          values={purposes}
          onValue={(purpose) => set({ purpose })}
        />
        <label className="field">
          <span className="label">{t('level')}</span>
          <select value={wish.level} onChange={(event) => set({ level: event.target.value })}>
            <option value="">{t('highest')}</option>
            {choices.levels.map((level) => (
              <option key={level} value={level}>
                {level}
              </option>
            ))}
          </select>
        </label>
        <Models wish={wish} models={choices.models} onModels={(models) => set({ models })} />
      </div>
      <Area name={t('system')} value={wish.system} rows={2} onValue={(system) => set({ system })} />
      <Area
        name={t('prompt')}
        value={wish.prompt}
        rows={5}
        onValue={(prompt) => set({ prompt })}
        onKeyDown={onKeyDown}
      />
      <div className="playground-row">
        <NumberField
          name={t('temperature')}
          value={wish.temperature}
          bounds={{ min: 0, max: 2, step: 0.1 }}
          onValue={(temperature) => set({ temperature })}
        />
        <NumberField
          name={t('maxTokens')}
          value={wish.maxTokens}
          bounds={{ min: 1, max: 100_000, step: 1 }}
          onValue={(maxTokens) => set({ maxTokens })}
        />
        <NumberField
          name={t('seed')}
          value={wish.seed}
          bounds={{ min: 0, max: 2_147_483_647, step: 1 }}
          onValue={(seed) => set({ seed })}
        />
        <label className="choice">
          <input type="checkbox" checked={wish.isJson} onChange={() => set({ isJson: !wish.isJson })} />
          {t('json')}
        </label>
      </div>
      <div className="row">
        <button type="submit" className="button first" disabled={wish.prompt.trim() === '' || wish.models.length === 0}>
          {t('ask')}
        </button>
        <button type="button" className="button" disabled={!isRunning} onClick={onStop}>
          {t('stopAll')}
        </button>
        <span className="hint">{t('shortcut')}</span>
      </div>
    </form>
  );
}

interface ModelsProps {
  readonly wish: ChatWish;
  readonly models: readonly string[];
  onModels(models: readonly string[]): void;
}

/** A column for each. The same model may stand twice: with other numbers it says other things. */
function Models({ wish, models, onModels }: ModelsProps) {
  const { t } = useMessages('playground');
  const change = (at: number, model: string) => {
    const others = wish.models.filter((_, place) => place !== at);
    onModels(model === '' ? others : wish.models.length <= at ? [...wish.models, model] : wish.models.with(at, model));
  };
  return COLUMNS.slice(0, Math.min(COLUMNS.length, wish.models.length + 1)).map((name, at) => (
    <label key={name} className="field">
      <span className="label">{t('model', { n: at + 1 })}</span>
      <select value={wish.models[at] ?? ''} onChange={(event) => change(at, event.target.value)}>
        <option value="">{t('none')}</option>
        {models.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </select>
    </label>
  ));
}

interface FieldProps {
  readonly name: string;
  readonly value: string;
  onValue(value: string): void;
}

interface AreaProps extends FieldProps {
  readonly rows: number;
  onKeyDown?(event: KeyboardEvent): void;
}

function Area({ name, value, rows, onValue, onKeyDown }: AreaProps) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <textarea
        dir="auto"
        rows={rows}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        onKeyDown={onKeyDown}
      />
    </label>
  );
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

function NumberField({ name, value, bounds, onValue }: FieldProps & { readonly bounds: Bounds }) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <input
        type="number"
        inputMode="decimal"
        value={value}
        {...bounds}
        onChange={(event) => onValue(event.target.value)}
      />
    </label>
  );
}
