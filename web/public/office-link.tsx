import type { ReactNode } from 'react';
import { useDescription } from '../shared/api/use-description.ts';
import { useLocalText, useMessages } from '../shared/i18n/language.tsx';

type OfficeMessage = 'helpLead' | 'privacyAskText';

/** A sentence with the address of the office where people are. */
export function OfficeSentence({ message }: { readonly message: OfficeMessage }): ReactNode {
  const { rich } = useMessages('public');
  const local = useLocalText();
  const office = useDescription()?.office;
  return rich(message, { office: local(office?.name) }, { office: (inner) => <a href={office?.link}>{inner}</a> });
}
