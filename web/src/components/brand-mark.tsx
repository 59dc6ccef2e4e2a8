/** The brand's sign: a ticket, its stub torn along the perforation. The name stands beside it. */
export const BrandMark = () => (
  <svg viewBox="0 0 54 34" aria-hidden="true" focusable="false">
    <path fill="var(--rf-primary)" d="M5 1h29v32H5a4 4 0 0 1-4-4v-6.500a5.5 5.5 0 0 0 0-11V5a4 4 0 0 1 4-4z" />
    <path fill="var(--rf-accent)" d="M37 1h12a4 4 0 0 1 4 4v6.500a5.5 5.5 0 0 0 0 11V29a4 4 0 0 1-4 4H37z" />
    <g fill="none" stroke="var(--rf-on-primary)" strokeWidth="3.2" strokeLinecap="round" strokeLinejoin="round">
      <path d="M12.5 12.5 15.5 10.500V23.5" />
      <path d="M28 10.500h-6l-.7 6c4-1.5 7.2.4 7.2 3.5 0 3.4-4.2 4.7-7.5 2.3" />
    </g>
  </svg>
);
