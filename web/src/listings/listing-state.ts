export type ListingState = 'for-sale' | 'held' | 'sold' | 'begun';

/** Where a seller's ticket stands: an order on it holds it until it is paid. */
export const listingState = (ticket: { orderId: string | null; sold: boolean; begun: boolean }): ListingState => {
  if (ticket.sold) return 'sold';
  if (ticket.begun) return 'begun';
  return ticket.orderId === null ? 'for-sale' : 'held';
};

/** Why a ticket cannot be edited or deleted now, and what will happen; null when it can. */
export const whyNotEditable: Record<ListingState, string | null> = {
  'for-sale': null,
  held: 'Someone is buying it, so it cannot change. If they do not pay in time, it is for sale again.',
  sold: 'It is sold and belongs to its buyer.',
  begun: null,
};
