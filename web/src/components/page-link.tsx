'use client';
import Link, { useLinkStatus } from 'next/link';
import type { ComponentProps } from 'react';

/** A link to a page of ours: shows a bar at the top while the page is on its way, and fetches nothing before the press. */
export function PageLink({ children, prefetch = false, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link prefetch={prefetch} {...rest}>
      {children}
      <Pending />
    </Link>
  );
}

const Pending = () => (
  <span aria-hidden="true" className={`link-pending${useLinkStatus().pending ? ' is-pending' : ''}`} />
);
