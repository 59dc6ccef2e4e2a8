// The listing's stream in tests, for `jest.mock('@/live/listing-stream', () => jest.requireActual(...))`: what a page
// listens with, while it does.
import type { ListingListener } from '@/live/listing-stream';

export const heard: { listener?: ListingListener | undefined } = {};

export function listenToListing(listener: ListingListener): () => void {
  heard.listener = listener;
  return () => {
    heard.listener = undefined;
  };
}
