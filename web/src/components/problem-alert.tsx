import type { ReactNode } from 'react';
import type { Problem } from '@/api/problem';

interface Props {
  problem: Problem | undefined;
  /** What to do: links or buttons. */
  children?: ReactNode;
}

/** What went wrong with a form or a button, announced when it appears. Keep it mounted; without a problem it is empty. */
export const ProblemAlert = ({ problem, children }: Props) => (
  <div role="alert">
    {problem ? (
      <div className="problem">
        <p className="mb-0">{problem.detail}</p>
        <OtherMessages problem={problem} />
        {children}
      </div>
    ) : null}
  </div>
);

function OtherMessages({ problem }: { problem: Problem }) {
  const others = problem.errors.map(({ message }) => message).filter((message) => message !== problem.detail);
  if (others.length === 0) return null;
  return (
    <ul className="mt-2 mb-0">
      {[...new Set(others)].map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
