import { encode } from 'uqr';
import { useMessages } from '../i18n/language.tsx';

/** For paper: the address of the receipt, as a picture and in letters. */
export function QrCode({ address }: { readonly address: string }) {
  const { t } = useMessages('receipt');
  const { data, size } = encode(address, { border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <div className="receipt-qr">
      <svg viewBox={`0 0 ${size} ${size}`} width="112" height="112" role="img" aria-label={t('qr', { address })}>
        <rect width={size} height={size} fill="white" />
        <path d={path} fill="black" />
      </svg>
      <code>{address}</code>
    </div>
  );
}
