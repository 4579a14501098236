import { placeOf, remedyFor } from './error-place';

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

describe('what to do about an error', () => {
  const inBundle = { name: 'earthmover.yaml', isInput: false, line: 99 };

  it('is to mend the file that it is in', () => {
    expect(remedyFor(error, { name: 'scores.csv', isInput: true, line: 7 })).toBe('mend_file');
  });

  it('is to look at the data where the bundle found a value that it cannot use, though the place is in the bundle', () => {
    expect(remedyFor({ code: 'operation_failed' }, inBundle)).toBe('look_at_data');
    expect(remedyFor({ code: 'expectation_failed' }, null)).toBe('look_at_data');
  });

  it("is its author's, or said by the error itself", () => {
    expect(remedyFor({ code: 'bundle_invalid' }, inBundle)).toBe('ask_author');
    expect(remedyFor({ code: 'storage_unavailable' }, null)).toBeNull();
  });
});
