'use client';
import { usePathname } from 'next/navigation';
import type { Visitor } from '@/server/visitor';
import { PageLink } from './page-link';

const everybody = [
  { href: '/', name: 'Browse' },
  { href: '/sell', name: 'Sell' },
];
const own = [
  { href: '/listings', name: 'My listings' },
  { href: '/orders', name: 'My orders' },
  { href: '/account', name: 'Account' },
];
const strangers = [
  { href: '/signin', name: 'Sign in' },
  { href: '/signup', name: 'Sign up' },
];

/** While it is not known who is looking, they get the links of somebody signed in: those pages find out. */
export function SiteLinks({ visitor }: { visitor: Visitor['state'] }) {
  const here = usePathname();
  return (
    <ul className="site-links">
      {[...everybody, ...(visitor === 'signedOut' ? strangers : own)].map(({ href, name }) => (
        <li key={href}>
          <PageLink
            className={`site-link${href === '/signup' ? ' site-link-invites' : ''}`}
            href={href}
            aria-current={here === href ? 'page' : undefined}
          >
            {name}
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
