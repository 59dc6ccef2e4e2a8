import { limitField, sortOrders } from '@ticketing/common';
import { query } from 'express-validator';
import { type Cursor, decodeCursor } from '../data/listing';

const wholeNumber = /^\d{1,9}$/;

const amount = (name: string) =>
  query(name)
    .optional()
    .custom((value: unknown) => typeof value === 'string' && wholeNumber.test(value))
    .withMessage('Give a whole number of cents, from 0 to 999999999.')
    .bail()
    .toInt();

export const pageFields = () => [
  limitField(),
  query('cursor')
    .optional()
    .custom((value: unknown) => typeof value === 'string' && decodeCursor(value) !== undefined)
    .withMessage('This cursor is not one we gave out.'),
];

export const listingFields = () => [
  query('q')
    .optional()
    .custom((value: unknown) => typeof value === 'string' && value.length <= 200)
    .withMessage('Search for at most 200 characters.'),
  amount('minPrice'),
  amount('maxPrice'),
  query('sort')
    .default('newest')
    .custom((value: unknown) => sortOrders.some((order) => order === value))
    .withMessage(`Sort by one of ${sortOrders.join(', ')}.`),
  ...pageFields(),
];

export const cursorIn = (text: string | undefined): Cursor | undefined =>
  text === undefined ? undefined : decodeCursor(text);
