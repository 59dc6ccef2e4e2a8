import { call } from '@/api/call';
import { ApiError } from '@/api/problem';
import { putUnlessStale } from '@/listings/put-unless-stale';
import { aTicket } from '../a-ticket';

jest.mock('@/api/call', () => ({ call: jest.fn() }));
const api = jest.mocked(call);

const base = aTicket({ id: 't1', version: 3 });
const change = { title: 'Front row', price: 5000, venue: null };
const refused = (status: number) => new ApiError({ status, code: 'Refused', detail: 'No.', errors: [] });
const put = (version: number) => [
  '/api/tickets/t1',
  { method: 'PUT', body: change, headers: { 'if-match': `"${version}"` } },
];

beforeEach(() => api.mockReset());

describe('saving a change to a ticket', () => {
  test('is made to the version that was seen', async () => {
    const saved = { ...base, ...change, version: 4 };
    api.mockResolvedValueOnce(saved);
    await expect(putUnlessStale(base, change)).resolves.toEqual({ saved });
    expect(api.mock.calls).toEqual([put(3)]);
  });

  test('is made all the same when only a purchase came and went', async () => {
    const saved = { ...base, ...change, version: 6 };
    api
      .mockRejectedValueOnce(refused(412))
      .mockResolvedValueOnce({ ...base, version: 5 })
      .mockResolvedValueOnce(saved);
    await expect(putUnlessStale(base, change)).resolves.toEqual({ saved });
    expect(api.mock.calls).toEqual([put(3), ['/api/tickets/t1'], put(5)]);
  });

  test('is not made over a change that the seller has not seen', async () => {
    const now = { ...base, price: 900, version: 4 };
    api.mockRejectedValueOnce(refused(412)).mockResolvedValueOnce(now);
    await expect(putUnlessStale(base, change)).resolves.toEqual({ stale: now });
    expect(api).toHaveBeenCalledTimes(2);
  });

  test('passes every other refusal on', async () => {
    api.mockRejectedValueOnce(refused(409));
    await expect(putUnlessStale(base, change)).rejects.toMatchObject({ problem: { status: 409 } });
    expect(api).toHaveBeenCalledTimes(1);
  });
});
