import fc from 'fast-check';
import openApi from '../../../docs/contracts/openapi.json';
import { parsePrice, priceLimitsCents, priceText } from '../../src/listings/parse-price';

const allowed = fc.integer(priceLimitsCents);

describe('a price as people type it', () => {
  test.each([
    ['45', 4500],
    ['45.00', 4500],
    ['$45', 4500],
    [' $ 45.50 ', 4550],
    ['45.5', 4550],
    ['45,50', 4550],
    ['45.', 4500],
    ['.50', 50],
    ['1,200', 120_000],
    ['1,200.50', 120_050],
    ['12 000', 1_200_000],
    ['45 USD', 4500],
    ['usd 45', 4500],
    ['45 dollars', 4500],
    ['４５', 4500],
    ['007', 700],
  ])('%j is %i cents', (typed, priceCents) => expect(parsePrice(typed)).toEqual({ priceCents }));

  test.each([
    ['', 'Give a price.'],
    ['  ', 'Give a price.'],
    ['.', 'Give dollars and cents'],
    ['$', 'Give dollars and cents'],
    ['free', 'Give dollars and cents'],
    ['-5', 'Give dollars and cents'],
    ['1e3', 'Give dollars and cents'],
    ['0x10', 'Give dollars and cents'],
    ['1.200', 'Give dollars and cents'],
    ['45.005', 'Give dollars and cents'],
    ['1,20,0', 'Give dollars and cents'],
    ['45 EUR', 'Give dollars and cents'],
    ['0', 'The lowest price'],
    ['0.49', 'The lowest price'],
    ['1000000', 'The highest price'],
    ['9'.repeat(400), 'The highest price'],
  ])('%j is refused: %s', (typed, problem) =>
    expect(parsePrice(typed)).toEqual({ problem: expect.stringContaining(problem) }),
  );

  test('every price comes back from its own text, however it is dressed', () => {
    const dress = fc.constantFrom(
      (text: string) => text,
      (text: string) => `$${text}`,
      (text: string) => ` ${text} usd`,
      (text: string) => text.replace('.', ','),
      (text: string) => text.replace(/\B(?=(\d{3})+\.)/g, ','),
    );
    fc.assert(
      fc.property(allowed, dress, (priceCents, dressed) => {
        expect(parsePrice(dressed(priceText(priceCents)))).toEqual({ priceCents });
      }),
    );
  });

  test('whatever is typed, the answer is a whole number of cents within the limits, or a sentence', () => {
    const typed = fc.oneof(fc.string(), fc.stringMatching(/^[$0-9., ]{0,12}$/));
    fc.assert(
      fc.property(typed, (text) => {
        const price = parsePrice(text);
        if ('problem' in price) return price.problem.endsWith('.');
        const { priceCents } = price;
        return Number.isInteger(priceCents) && priceCents >= priceLimitsCents.min && priceCents <= priceLimitsCents.max;
      }),
    );
  });

  test('the limits are those of the API', () => {
    const { price } = openApi.paths['/api/tickets'].post.requestBody.content['application/json'].schema.properties;
    expect(price).toMatchObject({ minimum: priceLimitsCents.min, maximum: priceLimitsCents.max });
  });
});
