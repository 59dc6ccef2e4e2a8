/** @jest-environment jsdom */
import { listingOf } from '@/browse/listing-state';
import { recallListing, rememberListing } from '@/browse/remember-listing';

const empty = () => listingOf({ items: [], nextCursor: null });
const goTo = (path: string) => window.history.replaceState(null, '', path);

test('Of a page just loaded nothing is known', () => {
  expect(recallListing()).toBeUndefined();
});

test('Back at an address, what was loaded there is there again', () => {
  const [all, some] = [empty(), empty()];
  rememberListing('/?show=48', all);
  rememberListing('/?q=jazz&show=48', some);

  goTo('/?show=48');
  expect(recallListing()).toBe(all);
  goTo('/?q=jazz&show=48');
  expect(recallListing()).toBe(some);
  goTo('/');
  expect(recallListing()).toBeUndefined();
});

test('Only the last few are kept', () => {
  for (let n = 0; n < 6; n++) rememberListing(`/?q=${n}`, empty());

  goTo('/?q=0');
  expect(recallListing()).toBeUndefined();
  goTo('/?q=1');
  expect(recallListing()).toBeDefined();
});
