import type { ReactNode } from 'react';

/** Nothing to show, and what one can do about it. */
export const EmptyState = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="empty-state">
    <h2>{title}</h2>
    {children}
  </section>
);
