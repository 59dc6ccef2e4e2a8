import type { Ticket } from '@/api/types';
import { DateTime } from '@/components/date-time';
import { Money } from '@/components/money';

interface Props {
  /** The ticket as it is now. */
  now: Ticket;
  onTake: () => void;
  onKeep: () => void;
}

/** Somebody changed the ticket after the form was opened, the seller in another tab most likely: which one counts? */
export function ChangedMeanwhile({ now, onTake, onKeep }: Props) {
  return (
    <div role="alert" className="notice">
      <p className="mb-2">
        <strong>This ticket was changed meanwhile, and nothing is saved yet.</strong> It is now “{now.title}” for{' '}
        <Money cents={now.price} />
        {now.venue && `, ${now.venue}`}
        {now.startsAt && (
          <>
            , <DateTime at={now.startsAt} />
          </>
        )}
        .
      </p>
      <div className="d-flex flex-wrap gap-2">
        <button type="button" className="btn btn-quiet btn-sm" onClick={onKeep}>
          Go on with what I typed
        </button>
        <button type="button" className="btn btn-quiet btn-sm" onClick={onTake}>
          Take it as it is now
        </button>
      </div>
    </div>
  );
}
