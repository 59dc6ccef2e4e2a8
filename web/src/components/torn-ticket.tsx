/** Drawn above what is empty or went wrong: a ticket and its stub, apart. */
export const TornTicket = () => (
  <svg className="torn-ticket" viewBox="0 0 120 64" aria-hidden="true" focusable="false">
    <path fill="var(--rf-stub)" d="M10 8h58v48H10a6 6 0 0 1-6-6v-9.500a8.500 8.500 0 0 0 0-17V14a6 6 0 0 1 6-6z" />
    <g stroke="var(--rf-on-stub)" strokeWidth="3" strokeLinecap="round" opacity="0.45">
      <path d="M24 22h30M24 32h22M24 42h26" />
    </g>
    <path
      fill="var(--rf-accent)"
      transform="rotate(9 94 32)"
      d="M80 8h26a6 6 0 0 1 6 6v9.500a8.500 8.500 0 0 0 0 17V50a6 6 0 0 1-6 6H80z"
    />
    <path stroke="var(--rf-surface)" strokeWidth="2" strokeDasharray="4 4" d="M68 10v44" />
  </svg>
);
