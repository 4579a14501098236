import { changedTenants, offeredYears, toggleYear } from './year-choices';

describe('the choice of school years', () => {
  const march = new Date(2026, 2, 1);

  it('offers the usual ones, and whatever is enabled or was asked for', () => {
    expect(offeredYears({}, [], march)).toEqual(['2027', '2026', '2025', '2024']);
    expect(offeredYears({ north: ['2019', '2026'], south: ['2026'] }, ['2030'], march)).toEqual([
      '2030',
      '2027',
      '2026',
      '2025',
      '2024',
      '2019',
    ]);
  });

  it('goes to the next school year in July', () => {
    expect(offeredYears({}, [], new Date(2026, 5, 30))[0]).toBe('2027');
    expect(offeredYears({}, [], new Date(2026, 6, 1))[0]).toBe('2028');
  });

  it('puts a year in and takes it out', () => {
    expect(toggleYear(['2026'], '2025')).toEqual(['2025', '2026']);
    expect(toggleYear(['2025', '2026'], '2026')).toEqual(['2025']);
  });

  it('is changed for the tenants that have other years, whatever their order', () => {
    const before = { north: ['2025', '2026'], south: ['2026'] };
    expect(changedTenants(before, { north: ['2026', '2025'], south: [] })).toEqual([{ tenant: 'south', schoolYears: [] }]);
    expect(changedTenants(before, before)).toEqual([]);
  });
});
