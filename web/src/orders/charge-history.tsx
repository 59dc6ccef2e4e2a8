import type { Charge } from '@/api/types';
import { Money } from '@/components/money';
import { describeFailure } from '@/payment/describe-refusal';
import styles from './orders.module.scss';

interface Props {
  /** Nothing when payments does not answer. */
  charges: Charge[] | null;
  /** The order can still be paid: a charge that is only prepared is nothing to tell of. */
  isOpen: boolean;
}

/** What was tried and taken for an order. */
export function ChargeHistory({ charges, isOpen }: Props) {
  if (!charges) {
    return (
      <p className="notice">
        The payments of this order cannot be shown right now. Nothing is lost: look again in a moment.
      </p>
    );
  }
  const told = charges.filter(
    ({ status, reason }) => status !== 'Created' && !(status === 'Failed' && reason === 'closed'),
  );
  if (told.length === 0) return null;
  return (
    <section aria-labelledby="charges-heading" className="panel">
      <h2 id="charges-heading">{isOpen ? 'Cards tried so far' : 'Payments'}</h2>
      <ol className={styles.charges}>
        {told.map((charge) => (
          <li key={charge.id}>
            <Money cents={charge.amount} /> <span>{describeCharge(charge)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function describeCharge({ status, stripeRefundId, reason }: Charge): string {
  if (status === 'Failed') return describeFailure(reason);
  return stripeRefundId ? 'Paid, and refunded.' : 'Paid.';
}
