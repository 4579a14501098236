import { checkFile } from './check-file';

describe('a chosen file', () => {
  it.each<[string, number, object | null]>([
    ['Scores.CSV', 1, null],
    ['scores.csv ', 100, null],
    ['scores.csv', 0, { kind: 'empty' }],
    ['scores.csv', 101, { kind: 'too_large', maxBytes: 100 }],
    ['scores.xlsx', 0, { kind: 'wrong_type', fileTypes: ['csv', 'tar.gz'] }],
    ['.csv', 1, { kind: 'wrong_type', fileTypes: ['csv', 'tar.gz'] }],
    ['csv', 1, { kind: 'wrong_type', fileTypes: ['csv', 'tar.gz'] }],
    ['a.tar.gz', 1, null],
  ])('%j of %i bytes', (name, size, fault) => {
    expect(checkFile({ name, size }, ['csv', 'tar.gz'], 100)).toEqual(fault);
  });
});
