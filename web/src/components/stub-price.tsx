import { formatMoney } from './money';

/** As many figures as the stub has room for at full size: `$9,999.99` is set smaller, `$999,999.99` smaller still. */
export function StubPrice({ cents }: { cents: number }) {
  const text = formatMoney(cents);
  const size = text.length > 10 ? ' is-longest' : text.length > 7 ? ' is-long' : '';
  return <span className={`ticket-price${size}`}>{text}</span>;
}
