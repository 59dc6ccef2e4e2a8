'use client';
import dynamic from 'next/dynamic';
import { Countdown } from '@/countdown/countdown';
import { describeAttempts } from '@/payment/attempts';
import { PaymentFrame, PreparingForm } from '@/payment/payment-frame';
import { CancelOrder } from './cancel-order';
import { ChargeHistory } from './charge-history';
import { OrderOutcome } from './order-outcome';
import styles from './orders.module.scss';
import type { OrderFacts } from './read-facts';
import { StaleNote } from './stale-note';
import { useOrder } from './use-order';

/** Stripe's part comes with an order that waits for payment, and with nothing else. */
const PaymentPanel = dynamic(() => import('@/payment/payment-panel').then((payment) => payment.PaymentPanel), {
  ssr: false,
  loading: PreparingForm,
});

interface Props extends OrderFacts {
  /** The server's clock when it rendered this. */
  renderedAtMs: number;
  /** Where Stripe.js comes from, unless from Stripe. */
  scriptAddress: string | undefined;
}

/** What has become of an order, and what its buyer can do now. */
export function OrderDesk({ renderedAtMs, scriptAddress, ...initial }: Props) {
  const { order, charges, stage, clock, problem, look, expectChange } = useOrder(initial, renderedAtMs);
  const isPayable = stage === 'awaitingPayment';
  return (
    <div className={styles.desk}>
      <StaleNote problem={problem} orderId={order.id} onLook={() => void look()} />
      {(isPayable || stage === 'deciding') && (
        <Countdown
          beganAtMs={Date.parse(order.createdAt)}
          endsAtMs={Date.parse(order.expiresAt)}
          clock={clock}
          onEnd={expectChange}
        />
      )}
      <OrderOutcome order={order} stage={stage} charges={charges} />
      {isPayable && (
        <div className="panel">
          <noscript>
            <p className="notice">
              Paying and cancelling need JavaScript. Without it nothing is charged, and the order ends by itself.
            </p>
          </noscript>
          <PaymentFrame isTest={scriptAddress !== undefined}>
            <PaymentPanel
              orderId={order.id}
              scriptAddress={scriptAddress}
              attempts={charges ? describeAttempts(charges) : undefined}
              onChange={expectChange}
            />
          </PaymentFrame>
        </div>
      )}
      <ChargeHistory charges={charges} isOpen={isPayable} />
      {isPayable && <CancelOrder orderId={order.id} onChange={expectChange} />}
    </div>
  );
}
