import { useRef, useState } from 'react';
import { call, problemFrom } from '@/api/call';
import styles from './orders.module.scss';

interface Props {
  orderId: string;
  onChange: () => void;
}

/** Gives the ticket back, after asking. A refusal is told where the question stood. */
export function CancelOrder({ orderId, onChange }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isCancelling, setCancelling] = useState(false);
  const [refusal, setRefusal] = useState('');

  const cancel = async () => {
    if (isCancelling) return;
    setCancelling(true);
    setRefusal('');
    try {
      await call(`/api/orders/${orderId}`, { method: 'DELETE' });
      dialog.current?.close();
    } catch (error) {
      setRefusal(problemFrom(error).detail);
    } finally {
      setCancelling(false);
      onChange();
    }
  };

  return (
    <div className={styles.cancel}>
      <button type="button" className="btn btn-outline-danger" onClick={() => dialog.current?.showModal()}>
        Cancel this order
      </button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="cancel-heading" onClose={() => setRefusal('')}>
        <h2 id="cancel-heading">Cancel this order?</h2>
        <p>The ticket goes back on sale at once, and somebody else may buy it. You will not be charged.</p>
        {refusal && (
          <p className="problem" role="alert">
            {refusal}
          </p>
        )}
        <div className={styles.actions}>
          <button
            type="button"
            className="btn btn-outline-danger"
            aria-disabled={isCancelling}
            onClick={() => void cancel()}
          >
            {isCancelling ? 'Cancelling…' : 'Yes, cancel it'}
          </button>
          <button type="button" className="btn btn-primary" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
        </div>
      </dialog>
    </div>
  );
}
