import type { ReactNode } from 'react';

interface Props {
  title: ReactNode;
  /** A sentence below the title. */
  lead?: ReactNode;
  /** Buttons or links beside it. */
  children?: ReactNode;
}

/** The one `h1` of a page. */
export const PageHeading = ({ title, lead, children }: Props) => (
  <div className="page-heading">
    <div>
      <h1>{title}</h1>
      {lead ? <p>{lead}</p> : null}
    </div>
    {children}
  </div>
);
