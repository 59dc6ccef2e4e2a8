import { PageLink } from './page-link';

interface Props {
  /** In words. */
  holdTime: string;
}

export const SiteFooter = ({ holdTime }: Props) => (
  <footer className="site-footer">
    <div className="container">
      <p>
        <strong>Row Fifteen</strong>: tickets from fan to fan. A ticket you choose is yours for {holdTime} while you
        pay.
      </p>
      <ul>
        <li>
          <PageLink href="/">Find a ticket</PageLink>
        </li>
        <li>
          <PageLink href="/sell">Sell a ticket</PageLink>
        </li>
        <li>
          <a href="/api/docs">For developers</a>
        </li>
      </ul>
    </div>
  </footer>
);
