'use client';
import { useSyncExternalStore } from 'react';
import { eTicketPath } from '@/api/paths';

interface Props {
  orderId: string;
  className?: string;
  /** Of which event, for those who hear the link alone. */
  title?: string | undefined;
}

/** A file, not a page: the browser shows it or saves it. Its dates are in the visitor's own zone, once that is known. */
export function ETicketLink({ orderId, className = 'btn btn-primary', title }: Props) {
  const zone = useSyncExternalStore(neverChanges, visitorZone, serverZone);
  const query = zone === serverZone() ? '' : `?zone=${encodeURIComponent(zone)}`;
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

const neverChanges = () => () => {};
const visitorZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
const serverZone = () => 'UTC';
