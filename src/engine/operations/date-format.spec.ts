import { runOperations } from '../../../test/support/bundle';
import { dateParser } from './date-parse';
import { print } from './date-print';

// What pandas 2.2 gives for `to_datetime(text, format=…, exact=False).strftime(…)`.
const conversions: readonly (readonly [string, string, string, string | undefined])[] = [
  ['%m/%d/%Y', '%Y-%m-%d', '3/5/2024', '2024-03-05'],
  ['%m/%d/%Y', '%Y-%m-%d', '13/05/2024', '2024-03-05'],
  ['%m/%d/%Y', '%Y-%m-%d', 'on 03/05/2024 at noon', '2024-03-05'],
  ['%m/%d/%Y', '%Y-%m-%d', '2024-03-05', undefined],
  ['%m/%d/%Y', '%Y-%m-%d', '02/30/2024', undefined],
  ['%d%m%Y', '%Y-%m-%d', '01032023', '2023-03-01'],
  ['%m%d%Y', '%Y', '19000511', undefined],
  ['%m/%d/%y', '%Y', '1/1/68', '2068'],
  ['%m/%d/%y', '%Y', '1/1/69', '1969'],
  ['%Y-%m-%d %H:%M:%S', '%m/%d/%y %I:%M:%S %p', '2024-03-05 13:04:09', '03/05/24 01:04:09 PM'],
  ['%Y-%m-%d %I:%M %p', '%H:%M', '2024-03-05 12:30 AM', '00:30'],
  ['%b %d, %Y', '%B %-d %A %j', 'mar 05, 2024', 'March 5 Tuesday 065'],
  ['%B %d %Y', '%a %b %e', 'SEPTEMBER 1 2024', 'Sun Sep  1'],
  ['%Y%m%d', '%y%%', '20240305', '24%'],
  ['%Y-%j', '%m-%d', '2024-060', '02-29'],
  ['%d.%m.%Y', '%F %T', '5.3.2024', '2024-03-05 00:00:00'],
];

describe('dates', () => {
  it.each(conversions)('%s to %s: %s is %s', (from, to, text, expected) => {
    const date = dateParser(from, false)?.(text);
    expect(date && print(to)(date)).toBe(expected);
  });

  it('matches the whole text if it must be exact', () => {
    expect(dateParser('%m/%d/%Y', true)?.('13/05/2024')).toBeUndefined();
  });

  it('does not read every directive', () => {
    expect(dateParser('%Q', false)).toBeUndefined();
  });
});

describe('date_format', () => {
  const operations = (more = ''): string =>
    `- operation: date_format\n  columns: [a, b]\n  from_format: '%m/%d/%Y'\n  to_format: '%Y-%m-%d'\n${more}`;

  it('makes empty and missing-looking texts missing', async () => {
    expect(await runOperations(operations(), 'a,b\n3/5/2024,\nnan,NaT\n', {}, ['a', 'b'])).toEqual([
      { a: '2024-03-05', b: 'nan' },
      { a: 'nan', b: 'nan' },
    ]);
  });

  it('fails at a text that is no date, saying which', async () => {
    await expect(runOperations(operations(), 'a,b\n3/5/2024,\n3/5/2024,secret\n')).rejects.toMatchObject({
      code: 'operation_failed',
      column: 'b',
      row: 2,
      detail: expect.not.stringContaining('secret') as string,
    });
  });

  it('makes it missing if errors are ignored', async () => {
    expect(await runOperations(operations('  ignore_errors: true'), 'a,b\nx,3/5/2024\n')).toEqual([{ a: '', b: '2024-03-05' }]);
  });
});
