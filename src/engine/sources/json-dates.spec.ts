import { pyFloat, type Value } from '../python/values';
import { isDateName, toDates } from './json-dates';

describe('isDateName', () => {
  it.each(['created_at', 'Start_TIME', 'timestamp2', 'modified', 'Date', 'datetime'])('takes %s for dates', (name) => {
    expect(isDateName(name)).toBe(true);
  });

  it.each(['test_date', 'attime', 'dates', 'modified_by', 'my_timestamp'])('does not take %s for dates', (name) => {
    expect(isDateName(name)).toBe(false);
  });
});

describe('toDates', () => {
  it.each<[string, Value[], Value[] | undefined]>([
    ['dates', ['2024-01-05', '2024-03'], ['2024-01-05 00:00:00', '2024-03-01 00:00:00']],
    ['times', ['2024-01-05T10:20:30.5', '2024-01-06 10:20'], ['2024-01-05 10:20:30.500000', '2024-01-06 10:20:00']],
    ['one offset', ['2024-01-05T10:20:30Z', '2024-01-05T10:20:30Z'], ['2024-01-05 10:20:30+00:00', '2024-01-05 10:20:30+00:00']],
    ['offsets that differ', ['2024-01-05T10:20:30+02:00', '2024-01-05T10:20:30Z'], undefined],
    ['seconds', [1704412800, '1704412801'], ['2024-01-05 00:00:00', '2024-01-05 00:00:01']],
    ['fractions of seconds', [1704412800.5, pyFloat(1704412801)], ['2024-01-05 00:00:00.500000', '2024-01-05 00:00:01']],
    ['milliseconds', [1704412800123, NaN], ['2024-01-05 00:00:00.123000', NaN]],
    ['numbers that are too small', [1704412800, 5], undefined],
    ['years', ['2024', '2023'], undefined],
    ['missing and empty values among dates', [null, '', '2024-01-05'], [NaN, NaN, '2024-01-05 00:00:00']],
    ['nothing but missing values', [null, NaN], undefined],
    ['another text among dates', ['2024-01-05', 'x'], undefined],
    ['a day that is not there', ['2024-02-30'], undefined],
    ['booleans', [true], undefined],
    ['lists', [[1]], undefined],
  ])('%s', (_, values, expected) => {
    expect(toDates(values)).toEqual(expected);
  });
});
