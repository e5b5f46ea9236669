import { Component, type ReactNode } from 'react';
import { useMessages } from '../i18n/language.tsx';

interface Props {
  readonly children: ReactNode;
}

/** A fault in the page is said in words, and nothing is lost: conversations live on the server. */
export class ErrorBoundary extends Component<Props, { readonly broke: boolean }> {
  override state = { broke: false };

  static getDerivedStateFromError(): { broke: boolean } {
    return { broke: true };
  }

  override render(): ReactNode {
    return this.state.broke ? <Broke /> : this.props.children;
  }
}

function Broke() {
  const { t } = useMessages('shell');
  return (
    <main className="page plain" role="alert">
      <h1 className="fault">{t('faultTitle')}</h1>
      <p>{t('faultText')}</p>
      <p>
        <button type="button" className="button first" onClick={() => location.reload()}>
          {t('reload')}
        </button>
      </p>
    </main>
  );
}
