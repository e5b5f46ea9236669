import { useQuery } from '@tanstack/react-query';
import type { RecordView } from '../../src/record/schema.ts';
import { callApi } from '../shared/api/call-api.ts';
import { useMessages } from '../shared/i18n/language.tsx';
import { useFormats } from '../shared/i18n/use-formats.ts';
import { PageHeading } from '../shared/shell/page-heading.tsx';
import { StillLoading } from '../shared/shell/still-loading.tsx';
import { CheckYourself } from './check-yourself.tsx';
import { DayLines } from './day-lines.tsx';
import { FiveQuestions } from './five-questions.tsx';

/** The day in plain lines, counted from the log; the five questions with their evidence; how to check all of it. */
export function RecordPage() {
  const { t } = useMessages('public');
  const { moment } = useFormats();
  const { data, error } = useQuery({
    queryKey: ['record'],
    queryFn: () => callApi<RecordView>('/api/record'),
    refetchInterval: 15_000,
  });
  return (
    <main id="content" className="page record">
      <PageHeading title={t('recordTitle')}>
        <span className="record-title">{t('recordTitle')}</span>
      </PageHeading>
      {data === undefined ? error === null ? <StillLoading /> : <p className="fault">{t('away')}</p> : null}
      {data === undefined ? null : (
        <>
          <p className="label quiet">{t('recordSince', { moment: moment(data.at) })}</p>
          <DayLines day={data.day} />
          <FiveQuestions record={data} />
        </>
      )}
      <CheckYourself />
    </main>
  );
}
