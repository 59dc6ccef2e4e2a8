/** @jest-environment jsdom */
import { act, render, screen } from '@testing-library/react';
import { Countdown } from '@/countdown/countdown';
import type { ClockReading } from '@/countdown/server-clock';

const minuteMs = 60_000;
const serverMs = Date.UTC(2026, 10, 21, 12);
const began = { beganAtMs: serverMs - 9 * minuteMs, endsAtMs: serverMs + 6 * minuteMs };

beforeEach(() => jest.useFakeTimers({ now: serverMs }));
afterEach(() => jest.useRealTimers());

const readNow = (): ClockReading => ({ serverMs, steadyMs: performance.now() });
const pass = (ms: number) => act(() => jest.advanceTimersByTime(ms));
const spoken = (container: HTMLElement) => container.querySelector('[aria-live="polite"]')?.textContent;

test.each([-10, 0, 10])('with the device clock %i minutes off it shows the same time', (offMinutes) => {
  jest.setSystemTime(serverMs + offMinutes * minuteMs);
  render(<Countdown {...began} clock={readNow()} onEnd={jest.fn()} />);
  expect(screen.getByRole('timer').textContent).toBe('6:00');
  pass(1_000);
  expect(screen.getByRole('timer').textContent).toBe('5:59');
});

test('the device clock being set meanwhile changes nothing', () => {
  render(<Countdown {...began} clock={readNow()} onEnd={jest.fn()} />);
  jest.setSystemTime(serverMs + 10 * minuteMs);
  pass(2_000);
  expect(screen.getByRole('timer').textContent).toBe('5:58');
});

test('after a sleep the next reading puts it right, and what was missed is said', () => {
  const clock = readNow();
  const { container, rerender } = render(<Countdown {...began} clock={clock} onEnd={jest.fn()} />);
  const woken = { serverMs: serverMs + 4 * minuteMs, steadyMs: performance.now() };
  rerender(<Countdown {...began} clock={woken} onEnd={jest.fn()} />);
  expect(screen.getByRole('timer').textContent).toBe('2:00');
  expect(spoken(container)).toBe('2 minutes left to pay.');
});

test('it is said at five minutes, at one, and at the end; the end is told once', () => {
  const onEnd = jest.fn();
  const { container } = render(<Countdown {...began} clock={readNow()} onEnd={onEnd} />);
  expect(spoken(container)).toBe('');
  pass(minuteMs);
  expect(spoken(container)).toBe('5 minutes left to pay.');
  pass(4 * minuteMs);
  expect(spoken(container)).toBe('1 minute left to pay.');
  expect(onEnd).not.toHaveBeenCalled();
  pass(2 * minuteMs);
  expect(spoken(container)).toBe('The time to pay is over.');
  expect(screen.getByRole('timer').textContent).toBe('0:00');
  expect(onEnd).toHaveBeenCalledTimes(1);
});

test('a page opened after the end says so at once', () => {
  const onEnd = jest.fn();
  render(<Countdown {...began} clock={{ ...readNow(), serverMs: began.endsAtMs + 1 }} onEnd={onEnd} />);
  expect(screen.getByText('The time to pay is over', { selector: '#countdown-label' })).toBeTruthy();
  expect(onEnd).toHaveBeenCalledTimes(1);
});
