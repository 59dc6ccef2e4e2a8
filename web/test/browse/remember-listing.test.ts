/** @jest-environment jsdom */
import type { ListingQuery } from '@/browse/listing-query';
import { listingOf } from '@/browse/listing-state';
import { recallListing, rememberListing } from '@/browse/remember-listing';

const empty = () => listingOf({ items: [], nextCursor: null });
const everything: ListingQuery = { q: '', sort: 'newest' };
const jazz: ListingQuery = { q: 'jazz', sort: 'newest' };
const goTo = (path: string) => window.history.replaceState(null, '', path);

test('Of a page just loaded nothing is known', () => {
  expect(recallListing(everything)).toBeUndefined();
});

test('Back at an address, what was loaded there is there again', () => {
  const [all, some] = [empty(), empty()];
  rememberListing('/?show=48', everything, all);
  rememberListing('/?q=jazz&show=48', jazz, some);

  goTo('/?show=48');
  expect(recallListing(everything)).toBe(all);
  goTo('/?q=jazz&show=48');
  expect(recallListing(jazz)).toBe(some);
  goTo('/');
  expect(recallListing(everything)).toBeUndefined();
});

test('While the address bar still shows the page before, its tickets are not those of the page that is rendered', () => {
  goTo('/');
  rememberListing('/', everything, empty());
  expect(recallListing(jazz)).toBeUndefined();
  expect(recallListing({ ...everything, sort: 'price' })).toBeUndefined();
  expect(recallListing({ ...everything, maxCents: 4_500 })).toBeUndefined();
  expect(recallListing({ ...everything })).toBeDefined();
});

test('Only the last few are kept', () => {
  for (let n = 0; n < 6; n++) rememberListing(`/?q=${n}`, { q: `${n}`, sort: 'newest' }, empty());

  goTo('/?q=0');
  expect(recallListing({ q: '0', sort: 'newest' })).toBeUndefined();
  goTo('/?q=1');
  expect(recallListing({ q: '1', sort: 'newest' })).toBeDefined();
});
