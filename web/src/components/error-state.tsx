import type { ReactNode } from 'react';
import { TornTicket } from './torn-ticket';

interface Props {
  title: string;
  detail: string;
  /** Stands in for the page's own heading when there is no other. */
  asPage?: boolean;
  /** What to do: links or buttons. */
  children?: ReactNode;
}

/** Something failed: what, and what to do now. Readable without JavaScript. */
export function ErrorState({ title, detail, asPage = false, children }: Props) {
  const Heading = asPage ? 'h1' : 'h2';
  return (
    <section className="error-state">
      <TornTicket />
      <Heading>{title}</Heading>
      <p>{detail}</p>
      {children}
    </section>
  );
}
