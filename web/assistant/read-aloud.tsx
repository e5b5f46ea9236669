import { Volume2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useMessages } from '../shared/i18n/language.tsx';

interface ReadAloudProps {
  readonly text: string;
  readonly language: string;
}

/** Only where the device itself has a voice for the language: nothing is sent anywhere for it. */
export function ReadAloud({ text, language }: ReadAloudProps) {
  const { t } = useMessages('assistant');
  const [reading, setReading] = useState(false);
  const voice = useVoice(language);
  // Who leaves the page does not want to hear it any more.
  useEffect(() => (reading ? () => speechSynthesis.cancel() : undefined), [reading]);
  if (voice === undefined) return null;
  const start = () => {
    const speech = new SpeechSynthesisUtterance(text);
    speech.voice = voice;
    speech.lang = voice.lang;
    speech.onend = () => setReading(false);
    speech.onerror = () => setReading(false);
    speechSynthesis.cancel();
    speechSynthesis.speak(speech);
    setReading(true);
  };
  return (
    <button type="button" className="button plain" onClick={() => (reading ? setReading(false) : start())}>
      <Volume2 className="icon icon-flip" aria-hidden="true" /> {reading ? t('stopReading') : t('readAloud')}
    </button>
  );
}

/** Browsers load their voices late and say so. */
function useVoice(language: string): SpeechSynthesisVoice | undefined {
  return useSyncExternalStore(watchVoices, () =>
    globalThis.speechSynthesis
      ?.getVoices()
      .find(({ lang, localService }) => localService && lang.split(/[-_]/)[0] === language),
  );
}

function watchVoices(changed: () => void): () => void {
  globalThis.speechSynthesis?.addEventListener('voiceschanged', changed);
  return () => globalThis.speechSynthesis?.removeEventListener('voiceschanged', changed);
}
