import { compareColumns } from './compare-columns';

const expected = { required: ['Student ID', 'Score'], optional: ['Grade'] };

describe('the columns of a file', () => {
  it('are complete in any order, with others between them', () => {
    const rows = [
      ['Score', 'Other', 'Student ID'],
      ['5', 'x', '1'],
    ];
    expect(compareColumns(rows, expected)).toEqual({ headerRow: 0, missing: [] });
  });

  it('that are missing are named, with the one that may be meant', () => {
    expect(compareColumns([['student_id', 'Grade']], expected).missing).toEqual([
      { name: 'Student ID', similar: 'student_id' },
      { name: 'Score', similar: null },
    ]);
  });

  it('may be below other lines', () => {
    const rows = [['Export of 2026'], ['Grade', ''], ['Student ID', 'Score'], ['1', '5']];
    expect(compareColumns(rows, expected)).toEqual({ headerRow: 2, missing: [] });
  });

  it('are those of the first row where none is known', () => {
    expect(compareColumns([['a'], ['b']], expected)).toMatchObject({
      headerRow: 0,
      missing: [{ name: 'Student ID' }, { name: 'Score' }],
    });
  });

  it('are not missed where the bundle does not say which it needs, and all are in an empty file', () => {
    expect(compareColumns([['a']], undefined)).toEqual({ headerRow: 0, missing: [] });
    expect(compareColumns([], expected).missing).toHaveLength(2);
  });
});
