'use client';
import { usePathname } from 'next/navigation';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

/** A disclosure of the browser's own; scripts only close it, on Escape and when another page has come. */
export function SiteMenu({ children }: { children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const here = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: closes on every change of page
  useEffect(() => menu.current?.removeAttribute('open'), [here]);
  const closeOnEscape = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !menu.current?.open) return;
    menu.current.open = false;
    menu.current.querySelector('summary')?.focus();
  };
  return (
    <details className="site-menu" ref={menu} onKeyDown={closeOnEscape}>
      <summary>Menu</summary>
      {children}
    </details>
  );
}
