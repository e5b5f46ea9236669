import { Copy } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CreatedKeyView, TenantView } from '../../../src/api/schema.ts';
import { callApi } from '../../shared/api/call-api.ts';
import { useMessages } from '../../shared/i18n/language.tsx';
import { FactSelect } from './fact-select.tsx';

const DAY_MS = 86_400_000;

interface NewKeyFormProps {
  readonly tenants: readonly TenantView[];
  onMade(): void;
}

/** A key for a tenant and some of its purposes. Its secret is shown once, here. */
export function NewKeyForm({ tenants, onMade }: NewKeyFormProps) {
  const { t } = useMessages('law');
  const [tenant, setTenant] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [made, setMade] = useState<CreatedKeyView | null>(null);
  const [fault, setFault] = useState('');
  const current = tenants.find(({ id }) => id === tenant) ?? tenants[0];
  const purposes = current?.purposes ?? [];
  const wanted = chosen.filter((one) => purposes.includes(one));
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (wanted.length === 0) return setFault(t('needPurpose'));
    const fields = new FormData(event.currentTarget);
    const days = Number(fields.get('days'));
    const project = String(fields.get('project') ?? '').trim();
    const body = {
      tenant: current?.id,
      purposes: wanted,
      ...(project === '' ? {} : { project }),
      name: String(fields.get('name') ?? '').trim(),
      limits: limitsOf(fields),
      expiresAtMs: days > 0 ? Date.now() + days * DAY_MS : null,
    };
    try {
      setMade(await callApi<CreatedKeyView>('/api/console/keys', { method: 'POST', body }));
      setFault('');
      onMade();
    } catch (cause) {
      setFault((cause as Error).message);
    }
  };
  const toggle = (purpose: string) =>
    setChosen(wanted.includes(purpose) ? wanted.filter((one) => one !== purpose) : [...wanted, purpose]);
  return (
    <form className="fact-form" onSubmit={(event) => void onSubmit(event)}>
      <FactSelect
        name={t('tenant')}
        value={current?.id ?? ''}
        values={tenants.map(({ id }) => id)}
        onValue={setTenant}
      />
      <label className="field">
        <span className="label">{t('name')}</span>
        <input name="name" maxLength={200} autoComplete="off" required={true} pattern=".*\S.*" />
      </label>
      <label className="field">
        <span className="label">{t('days')}</span>
        <input name="days" type="number" min={1} max={3650} />
      </label>
      <label className="field">
        <span className="label">{t('projectOptional')}</span>
        <input name="project" maxLength={64} autoComplete="off" pattern="[a-z][a-z0-9\-]*" />
      </label>
      <label className="field">
        <span className="label">{t('moneyMonth')}</span>
        <input name="moneyPerMonth" type="number" min={0} step="any" />
      </label>
      <label className="field">
        <span className="label">{t('requestsMinute')}</span>
        <input name="requestsPerMinute" type="number" min={0} step={1} />
      </label>
      <fieldset className="field">
        <legend>{t('purposes')}</legend>
        <div className="row">
          {purposes.map((purpose) => (
            <label key={purpose} className="choice">
              <input type="checkbox" checked={wanted.includes(purpose)} onChange={() => toggle(purpose)} />
              {purpose}
            </label>
          ))}
        </div>
      </fieldset>
      <button type="submit" className="button first">
        {t('make')}
      </button>
      <p role="alert" className="error">
        {fault}
      </p>
      {made === null ? null : <Secret secret={made.secret} />}
    </form>
  );
}

/** What was left empty is no limit; 0 is one. */
function limitsOf(fields: FormData): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const kind of ['moneyPerMonth', 'requestsPerMinute']) {
    const text = String(fields.get(kind) ?? '').trim();
    if (text !== '') limits[kind] = Number(text);
  }
  return limits;
}

function Secret({ secret }: { readonly secret: string }) {
  const { t } = useMessages('law');
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(secret).then(() => setCopied(true));
  return (
    <div className="secret" role="status">
      <p>
        <b>{t('secretOnce')}</b>
      </p>
      <p className="row">
        <code>{secret}</code>
        <button type="button" className="button" onClick={() => void copy()}>
          <Copy className="icon" aria-hidden="true" /> {copied ? t('copied') : t('copy')}
        </button>
      </p>
    </div>
  );
}
