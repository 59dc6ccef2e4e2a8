import { orderPath, signInPath } from '@/api/paths';
import type { Problem } from '@/api/problem';

interface Props {
  /** Why the order could not be read the last time, if so. */
  problem: Problem | undefined;
  orderId: string;
  onLook: () => void;
}

/** Says that what is shown may be out of date, and what to do about it. */
export function StaleNote({ problem, orderId, onLook }: Props) {
  return (
    <div aria-live="polite">
      {problem?.status === 401 && (
        <p className="problem">
          You are signed out. <a href={signInPath(orderPath(orderId))}>Sign in</a> to go on with this order.
        </p>
      )}
      {problem && problem.status !== 401 && (
        <div className="problem">
          <p>{problem.detail} What you see here may be out of date.</p>
          <button type="button" className="btn btn-quiet btn-sm" onClick={onLook}>
            Look again
          </button>
        </div>
      )}
    </div>
  );
}
