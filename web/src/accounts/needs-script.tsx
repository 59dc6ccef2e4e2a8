/** Without JavaScript the market can be read; forms send what the API takes, which is JSON. */
export const NeedsScript = () => (
  <noscript>
    <p className="notice">This form needs JavaScript. Switch it on for this site and load the page again.</p>
  </noscript>
);
