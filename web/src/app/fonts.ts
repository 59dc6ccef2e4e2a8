import localFont from 'next/font/local';

// Latin subsets as variable fonts. Next adds a fallback of the same measures, so that nothing moves when they arrive.
const text = localFont({
  src: '../../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  display: 'swap',
  variable: '--font-text',
});

const display = localFont({
  src: '../../../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2',
  weight: '200 800',
  display: 'swap',
  variable: '--font-display',
});

/** For the root element: names both fonts. */
export const fontClasses = `${text.variable} ${display.variable}`;
