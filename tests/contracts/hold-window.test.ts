// Services and web read the same setting, each with code of its own: what one refuses or understands, so does the other.
import { duration } from '@ticketing/common';
import { readConfiguration } from '../../web/src/server/configuration';

const inWeb = (text: string): number | 'refused' => {
  try {
    return readConfiguration({ ...process.env, API_URL: 'http://localhost', HOLD_WINDOW: text }).holdMs;
  } catch (error) {
    if ((error as Error).message.startsWith('HOLD_WINDOW')) return 'refused';
    throw error;
  }
};
const inServices = (text: string): number | 'refused' => duration('15m').safeParse(text).data ?? 'refused';

test.each<[string, number | 'refused']>([
  ['15m', 900_000],
  ['8s', 8_000],
  ['1h30m', 5_400_000],
  ['500ms', 500],
  ['0s', 'refused'],
  ['0h0m', 'refused'],
  ['15', 'refused'],
  ['-8s', 'refused'],
  ['1.5h', 'refused'],
  ['15 m', 'refused'],
  ['soon', 'refused'],
])('A HOLD_WINDOW of %p is %p to both', (text, read) => {
  expect([inServices(text), inWeb(text)]).toEqual([read, read]);
});
