/** The inbox's looks, phone first, light and dark. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#fff, #1d2128);
  --ink: light-dark(#1a1f27, #e8eaee);
  --soft: light-dark(#56606e, #a3adba);
  --line: light-dark(#dfe3e8, #323844);
  --accent: light-dark(#2b50c8, #9db4ff);
  --on-accent: light-dark(#fff, #10142a);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 56rem;
  padding: 0 1rem 3rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.bar { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; padding: 1.25rem 0 .75rem; }
.bar h1, .bar p { margin: 0; }
.bar h1 { font-size: 1.5rem; letter-spacing: -.01em; }
.bar h1 a { color: inherit; text-decoration: none; }
.hint { color: var(--soft); font-size: .9rem; }
.back { display: inline-block; padding: .5rem 0; text-decoration: none; }
.tools { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .75rem; margin-bottom: 1rem; }
.search { display: flex; flex: 1 1 18rem; align-items: center; gap: .5rem; max-width: 28rem; }
input, button { min-height: 2.75rem; font: inherit; border-radius: .5rem; border: 1px solid var(--line); }
input { flex: 1; min-width: 0; padding: 0 .75rem; background: var(--card); color: inherit; }
button { padding: 0 1rem; border-color: transparent; background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { background: transparent; border-color: var(--line); color: var(--ink); }
.mails { list-style: none; margin: 0; padding: 0; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow: hidden; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; gap: .1rem 1rem; padding: .8rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
.mails a:focus-visible { outline-offset: -3px; }
.to, .mails time { color: var(--soft); font-size: .875rem; }
.to, .subject, .preview { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.preview { color: var(--soft); }
.chip { padding: 0 .4rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem; }
.empty { padding: 4rem 1rem; text-align: center; color: var(--soft); background: var(--card); border: 1px dashed var(--line); border-radius: .75rem; }
.message h1 { margin: .25rem 0 1rem; font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere; }
.facts { margin: 0 0 1rem; }
.facts div { display: flex; gap: .75rem; }
.facts dt { flex: 0 0 5.5rem; color: var(--soft); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.attachments { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0 0 1rem; padding: 0; list-style: none; }
.attachments li { padding: .4rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.views { display: flex; gap: .25rem; border-bottom: 1px solid var(--line); }
.views a { padding: .6rem 1rem; color: var(--soft); text-decoration: none; border-bottom: 3px solid transparent; }
.views a[aria-current] { color: var(--ink); border-color: var(--accent); }
.mail { display: block; width: 100%; height: 70vh; margin-top: 1rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; color-scheme: light; }
.text { margin: 1rem 0 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.scroll { margin-top: 1rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.headers { border-collapse: collapse; width: 100%; font-size: .875rem; }
.headers th, .headers td { padding: .4rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.headers th { white-space: nowrap; font-weight: 600; }
.headers td { overflow-wrap: anywhere; min-width: 14rem; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 40rem) {
  .mails a { grid-template-columns: 1fr auto; }
  .mails time { grid-column: 2; grid-row: 1; }
  .subject, .preview { grid-column: 1 / -1; }
}
`;
