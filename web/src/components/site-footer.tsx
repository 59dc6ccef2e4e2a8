export const SiteFooter = () => (
  <footer className="site-footer">
    <div className="container">
      Row Fifteen: tickets from fan to fan. A ticket you choose is yours for 15 minutes while you pay.
    </div>
  </footer>
);
