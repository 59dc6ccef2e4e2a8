import { tabChannel } from '@/tab/tab-channel';

/** Something was done to the order with this id. */
export const orderChanges = tabChannel<string>('orders');
