import type { ReactNode } from 'react';
import styles from './payment.module.scss';

interface Props {
  /** Payments are made by the simulator: no money moves. */
  isTest: boolean;
  children: ReactNode;
}

/** What stands around the card form, there before the form is: it comes later, and moves nothing. */
export const PaymentFrame = ({ isTest, children }: Props) => (
  <section aria-labelledby="payment-heading">
    <div className={styles.heading}>
      <h2 className="mb-0" id="payment-heading">
        Pay by card
      </h2>
      {isTest && <TestPaymentsNote />}
    </div>
    {children}
    <p className={styles.small}>
      Your card details go straight to Stripe and never pass through us. You are charged only while the ticket is held
      for you.
    </p>
  </section>
);

export const TestPaymentsNote = () => <span className="ticket-note">Test payments: no card is charged</span>;

/** As high as the form will be. */
export const PreparingForm = () => <p className={styles.preparing}>Preparing the secure card form…</p>;
