/** @jest-environment jsdom */
import { render, screen } from '@testing-library/react';
import { StubPrice } from '@/components/stub-price';

test.each([
  [50, '$0.50', 'ticket-price'],
  [99_999, '$999.99', 'ticket-price'],
  [123_456, '$1,234.56', 'ticket-price is-long'],
  [9_999_999, '$99,999.99', 'ticket-price is-long'],
  [99_999_999, '$999,999.99', 'ticket-price is-longest'],
])('%i cents fit the stub', (cents, text, sizes) => {
  render(<StubPrice cents={cents} />);
  expect(screen.getByText(text).className).toBe(sizes);
});
