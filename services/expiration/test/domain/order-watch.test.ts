import { orderStatuses } from '@ticketing/common';
import fc from 'fast-check';
import { isOver, onFiring } from '../../src/domain/order-watch';

describe('When the reminder of an order fires', () => {
  it('never tells orders before the deadline, and always after', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true }),
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.nat(5),
        (deadline, lateMs, firings) => {
          const now = new Date(deadline.getTime() + lateMs);
          fc.pre(!Number.isNaN(now.getTime()));
          const step = onFiring({ expiresAt: deadline.toISOString(), firings }, now);
          expect(step === 'wait').toBe(lateMs < 0);
        },
      ),
    );
  });

  it('tells orders at once the first time, and asks it first every other time', () => {
    const expiresAt = '2026-11-21T10:15:00.000Z';
    expect(onFiring({ expiresAt, firings: 0 }, new Date(expiresAt))).toBe('publish');
    expect(onFiring({ expiresAt, firings: 1 }, new Date(expiresAt))).toBe('ask');
    expect(onFiring({ expiresAt, firings: 7 }, new Date(expiresAt))).toBe('ask');
  });

  it('ends only for an order that has ended or that nobody knows', () => {
    const over = [...orderStatuses, 'unknown' as const].filter(isOver);
    expect(over).toEqual(['Completed', 'Cancelled', 'unknown']);
  });
});
