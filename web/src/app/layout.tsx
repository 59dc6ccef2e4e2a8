import type { Metadata, Viewport } from 'next';
import { WatchSession } from '@/accounts/watch-session';
import { Announcements } from '@/components/announcements';
import { FocusNewPage } from '@/components/focus-new-page';
import { OfflineNote } from '@/components/offline-note';
import { SiteFooter } from '@/components/site-footer';
import { SiteHeader } from '@/components/site-header';
import { readConfiguration } from '@/server/configuration';
import { holdTime } from '@/server/hold-time';
import { currentVisitor } from '@/server/visitor';
import '@/styles/main.scss';
import { fontClasses } from './fonts';

export function generateMetadata(): Metadata {
  const description = `Buy and sell tickets to concerts, games and shows. Pick one and it is held for you for ${holdTime()}.`;
  return {
    metadataBase: readConfiguration().publicUrl,
    title: { default: 'Row Fifteen: tickets from fan to fan', template: '%s · Row Fifteen' },
    description,
    applicationName: 'Row Fifteen',
    openGraph: { siteName: 'Row Fifteen', type: 'website', locale: 'en_US', description },
    twitter: { card: 'summary_large_image' },
    formatDetection: { telephone: false, address: false, email: false },
  };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f3f6f4' },
    { media: '(prefers-color-scheme: dark)', color: '#0b1412' },
  ],
};

export default async function Layout({ children }: { children: React.ReactNode }) {
  const visitor = await currentVisitor();
  return (
    <html lang="en" className={fontClasses}>
      <body>
        <a className="skip-link" href="#content">
          Skip to content
        </a>
        <SiteHeader visitor={visitor.state} />
        <OfflineNote />
        <main id="content" tabIndex={-1}>
          <div className="container">
            {visitor.state === 'unknown' && (
              <p className="notice">
                Accounts are not answering right now, so we cannot tell who you are. Look around meanwhile, or load the
                page again in a moment.
              </p>
            )}
            {children}
          </div>
        </main>
        <SiteFooter holdTime={holdTime()} />
        <Announcements />
        <FocusNewPage />
        {visitor.state !== 'unknown' && (
          <WatchSession accountId={visitor.state === 'signedIn' ? visitor.account.id : null} />
        )}
      </body>
    </html>
  );
}
