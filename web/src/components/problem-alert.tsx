import type { ReactNode } from 'react';
import type { Problem } from '@/api/problem';

interface Props {
  problem: Problem | undefined;
  /** Names of the fields that show their own messages beside them. */
  fields?: readonly string[];
  /** What to do: links or buttons. */
  children?: ReactNode;
}

/** What went wrong with a form or a button, announced when it appears. Keep it mounted; without a problem it is empty. */
export const ProblemAlert = ({ problem, fields = [], children }: Props) => (
  <div role="alert">
    {problem ? (
      <div className="problem">
        <p className="mb-0">{problem.detail}</p>
        <OtherMessages problem={problem} fields={fields} />
        {children}
      </div>
    ) : null}
  </div>
);

function OtherMessages({ problem, fields }: { problem: Problem; fields: readonly string[] }) {
  const others = problem.errors
    .filter(({ field, message }) => message !== problem.detail && !(field && fields.includes(field)))
    .map(({ message }) => message);
  if (others.length === 0) return null;
  return (
    <ul className="mt-2 mb-0">
      {[...new Set(others)].map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
