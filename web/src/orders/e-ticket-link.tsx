'use client';
import { eTicketPath } from '@/api/paths';
import { serverZone, useVisitorZone } from '@/components/use-visitor-zone';

interface Props {
  orderId: string;
  className?: string;
  /** Of which event, for those who hear the link alone. */
  title?: string | undefined;
}

/** A file, not a page: the browser shows it or saves it. Its dates are in the visitor's own zone, once that is known. */
export function ETicketLink({ orderId, className = 'btn btn-primary', title }: Props) {
  const zone = useVisitorZone();
  const query = zone === serverZone ? '' : `?zone=${encodeURIComponent(zone)}`;
  return (
    <a
      className={className}
      href={eTicketPath(orderId) + query}
      type="application/pdf"
      aria-label={title ? `E-ticket of ${title} (PDF)` : undefined}
    >
      E-ticket (PDF)
    </a>
  );
}
