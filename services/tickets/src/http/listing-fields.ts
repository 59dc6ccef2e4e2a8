import { limitField, sortOrders } from '@ticketing/common';
import { query } from 'express-validator';
import { type Cursor, decodeCursor, isOfOrder, type SortOrder } from '../data/listing';

const wholeNumber = /^\d{1,9}$/;

const amount = (name: string) =>
  query(name)
    .optional()
    .custom((value: unknown) => typeof value === 'string' && wholeNumber.test(value))
    .withMessage('Give a whole number of cents, from 0 to 999999999.')
    .bail()
    .toInt();

/** What is listed newest first. */
export const pageFields = () => [limitField(), cursorField(() => 'newest')];

const cursorField = (sortOf: (asked: Record<string, unknown>) => unknown) =>
  query('cursor')
    .optional()
    .custom((value: unknown) => typeof value === 'string' && decodeCursor(value) !== undefined)
    .withMessage('This cursor is not one we gave out.')
    .bail()
    .custom((value: string, { req }) => {
      const sort = sortOf(req.query ?? {});
      return !isSortOrder(sort) || isOfOrder(decodeCursor(value) as Cursor, sort);
    })
    .withMessage('This cursor is of a listing in another order. Begin at the first page.');

const isSortOrder = (value: unknown): value is SortOrder => sortOrders.some((order) => order === value);

export const listingFields = () => [
  query('q')
    .optional()
    .custom((value: unknown) => typeof value === 'string' && value.length <= 200)
    .withMessage('Search for at most 200 characters.'),
  amount('minPrice'),
  amount('maxPrice'),
  query('sort')
    .default('newest')
    .custom(isSortOrder)
    .withMessage(`Sort by one of ${sortOrders.join(', ')}.`),
  limitField(),
  cursorField(({ sort = 'newest' }) => sort),
];

export const cursorIn = (text: string | undefined): Cursor | undefined =>
  text === undefined ? undefined : decodeCursor(text);
