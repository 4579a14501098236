import { placeOf } from './error-place';

const files = { INPUT_FILE: { name: 'scores.csv', size: 10, sha256: null, removedAt: null } };
const error = { code: 'column_missing', title: 'A column is missing', detail: 'it is missing', file: 'INPUT_FILE', line: 7 };

describe('where an error is', () => {
  it("is told by the file's own name, with its row", () => {
    expect(placeOf(error, files)).toEqual({ name: 'scores.csv', isInput: true, line: 7 });
  });

  it('may be a file of the bundle, and one that is called like a member of every object', () => {
    expect(placeOf({ ...error, file: 'earthmover.yaml' }, files)).toMatchObject({ name: 'earthmover.yaml', isInput: false });
    expect(placeOf({ ...error, file: 'constructor' }, files)).toMatchObject({ name: 'constructor', isInput: false });
  });

  it('is nowhere, where no file is to blame', () => {
    expect(placeOf({ ...error, file: null }, files)).toBeNull();
  });
});
