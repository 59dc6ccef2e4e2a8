import type { Visitor } from '@/server/visitor';
import { BrandMark } from './brand-mark';
import { PageLink } from './page-link';
import { SiteLinks } from './site-links';
import { SiteMenu } from './site-menu';

/** The brand and the ways through the site; on narrow screens these are in a menu that opens without JavaScript. */
export const SiteHeader = ({ visitor }: { visitor: Visitor['state'] }) => (
  <header className="site-header">
    <div className="container site-header-row">
      <PageLink className="brand" href="/">
        <BrandMark />
        Row Fifteen
      </PageLink>
      <nav className="site-links-wide" aria-label="Main">
        <SiteLinks visitor={visitor} />
      </nav>
      <SiteMenu>
        <nav aria-label="Main">
          <div className="container">
            <SiteLinks visitor={visitor} />
          </div>
        </nav>
      </SiteMenu>
    </div>
  </header>
);
