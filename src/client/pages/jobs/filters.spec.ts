import { countMoreFilters, isNarrowed, NO_FILTERS, readFilters, toQuery, writeFilters } from './filters';

describe("the list's filters", () => {
  it('are in the address whole, and only where they narrow', () => {
    const filters = { ...NO_FILTERS, search: 'a&b', status: 'failed', from: '2026-01-31' };
    const address = writeFilters(filters);
    expect(address.toString()).toBe('search=a%26b&status=failed&from=2026-01-31');
    expect(readFilters(address)).toEqual(filters);
    expect(writeFilters(NO_FILTERS).toString()).toBe('');
  });

  it('ask for the failed jobs that nobody has dealt with, where attention is needed', () => {
    expect(toQuery({ ...NO_FILTERS, status: 'attention' })).toEqual({ status: 'failed', resolved: 'false' });
  });

  it("mean whole days of the reader's calendar, both ends included", () => {
    const query = toQuery({ ...NO_FILTERS, from: '2026-01-31', to: '2026-01-31' });
    expect(query).toEqual({
      createdAfter: new Date(2026, 0, 31).toISOString(),
      createdBefore: new Date(2026, 1, 1).toISOString(),
    });
  });

  it('leave out what an address has mistyped', () => {
    expect(toQuery({ ...NO_FILTERS, from: 'yesterday', origin: 'moon', sort: 'size' })).toEqual({});
  });

  it('are counted, without search, status and order', () => {
    expect(countMoreFilters({ ...NO_FILTERS, search: 'x', sort: 'createdAt', origin: 'api', to: '2026-01-31' })).toBe(2);
    expect(isNarrowed({ ...NO_FILTERS, sort: 'createdAt' })).toBe(false);
    expect(isNarrowed({ ...NO_FILTERS, search: 'x' })).toBe(true);
  });
});
