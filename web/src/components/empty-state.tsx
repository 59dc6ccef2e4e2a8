import type { ReactNode } from 'react';
import { TornTicket } from './torn-ticket';

/** Nothing to show, and what one can do about it. */
export const EmptyState = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="empty-state">
    <TornTicket />
    <h2>{title}</h2>
    {children}
  </section>
);
