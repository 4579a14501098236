import type { OdsConnection } from '../../../api/admin';
import { yearsOf } from './years-of';

const connection = (schoolYear: string): OdsConnection => ({
  schoolYear,
  baseUrl: 'https://ods.example.org',
  hasSecret: true,
  createdAt: '2026-01-12T09:30:00.000Z',
  updatedAt: '2026-01-12T09:30:00.000Z',
  etag: '"a"',
});

describe('the school years of a tenant’s connections', () => {
  it('are those that are enabled and those that have one, newest first', () => {
    expect(yearsOf(['2025', '2026'], [connection('2024'), connection('2026')])).toEqual([
      { schoolYear: '2026', enabled: true, connection: connection('2026') },
      { schoolYear: '2025', enabled: true, connection: null },
      { schoolYear: '2024', enabled: false, connection: connection('2024') },
    ]);
  });

  it('are none where there is neither', () => {
    expect(yearsOf([], [])).toEqual([]);
  });
});
