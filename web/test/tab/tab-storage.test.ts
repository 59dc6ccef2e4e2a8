/** @jest-environment jsdom */
import { forgetAllDrafts, keepDraft, keptDraft } from '@/forms/drafts';
import { rememberWanted, takeWanted } from '@/purchase/wanted-ticket';

const wanted = { ticketId: 't', price: 4_500, key: 'k' };
const draft = { typed: { title: 'Front row' }, about: null };

beforeEach(() => {
  sessionStorage.clear();
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

test('What was wanted is known once, of that ticket, and not for ever', () => {
  rememberWanted(wanted);
  expect(takeWanted('t')).toMatchObject(wanted);
  expect(takeWanted('t')).toBeUndefined();

  rememberWanted(wanted);
  expect(takeWanted('another')).toBeUndefined();

  jest.useFakeTimers();
  rememberWanted(wanted);
  jest.advanceTimersByTime(30 * 60_000);
  expect(takeWanted('t')).toBeUndefined();
});

test('A draft comes back to its own account only, and none after signing out; what is no draft stays', () => {
  keepDraft('/sell', 'ada', draft);
  rememberWanted(wanted);
  expect(keptDraft('/sell', 'bob')).toBeUndefined();
  expect(keptDraft('/sell', 'ada')).toEqual(draft);
  forgetAllDrafts();
  expect(keptDraft('/sell', 'ada')).toBeUndefined();
  expect(takeWanted('t')).toMatchObject(wanted);
});

test('When the browser refuses storage, then nothing is remembered, and nothing breaks', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  jest.spyOn(window, 'sessionStorage', 'get').mockImplementation(refuse);
  rememberWanted(wanted);
  keepDraft('/sell', 'ada', draft);
  forgetAllDrafts();
  expect([takeWanted('t'), keptDraft('/sell', 'ada')]).toEqual([undefined, undefined]);
});

test('A fault of ours is not hushed up', () => {
  jest.spyOn(window, 'sessionStorage', 'get').mockImplementation(() => {
    throw new TypeError('no such thing');
  });
  expect(() => rememberWanted(wanted)).toThrow('no such thing');
});
