/** @jest-environment jsdom */
import { act, cleanup, render } from '@testing-library/react';
import { CameraScanner } from '@/door/camera-scanner';
import { qrCodeReader } from '@/door/read-qr-code';

jest.mock('@/door/read-qr-code', () => ({ qrCodeReader: jest.fn() }));

let inPicture: string | undefined;
let isTaken: boolean;
const told: string[] = [];
const stopTrack = jest.fn();

const look = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

beforeEach(async () => {
  jest.useFakeTimers();
  [inPicture, isTaken, told.length] = [undefined, true, 0];
  const stream = { getTracks: () => [{ stop: stopTrack }] };
  Object.defineProperty(navigator, 'mediaDevices', {
    configurable: true,
    value: { getUserMedia: async () => stream },
  });
  jest.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
  jest.mocked(qrCodeReader).mockResolvedValue(async () => inPicture);
  const onCode = (code: string) => {
    told.push(code);
    return isTaken;
  };
  render(<CameraScanner onCode={onCode} onFailure={jest.fn()} />);
  await look(1_000);
});
afterEach(async () => {
  cleanup();
  await jest.advanceTimersByTimeAsync(1_000);
  jest.useRealTimers();
  jest.restoreAllMocks();
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

test('When a code stays in the picture, then it is told once', async () => {
  inPicture = 'ONE';
  await look(10_000);
  expect(told).toEqual(['ONE']);
});

test('When a code was away meanwhile, then it is told again', async () => {
  inPicture = 'ONE';
  await look(1_000);
  inPicture = undefined;
  await look(3_000);
  inPicture = 'ONE';
  await look(1_000);
  expect(told).toEqual(['ONE', 'ONE']);
});

test('When a code was not taken, then it is told until it is', async () => {
  inPicture = 'ONE';
  await look(1_000);
  isTaken = false;
  inPicture = 'TWO';
  await look(1_000);
  expect(told.length).toBeGreaterThan(2);

  isTaken = true;
  told.length = 0;
  await look(10_000);
  expect(told).toEqual(['TWO']);
});

test('When the page is left, then the camera is off and nothing more is told', async () => {
  cleanup();
  expect(stopTrack).toHaveBeenCalled();
  inPicture = 'ONE';
  await look(1_000);
  expect(told).toEqual([]);
});
