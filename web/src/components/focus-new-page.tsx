'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';

/**
 * After a link was followed the focus goes to the beginning of the new page, as it does when a browser loads one;
 * Next leaves it on a link of the old page, or on nothing. Not for the first page, and not when the new one has put it
 * somewhere itself.
 */
export function FocusNewPage() {
  const here = usePathname();
  const last = useRef(here);
  useEffect(() => {
    if (last.current === here) return;
    last.current = here;
    const content = document.getElementById('content');
    if (content?.contains(document.activeElement)) return;
    content?.focus({ preventScroll: true });
  }, [here]);
  return null;
}
