import {
  changeFile,
  isSameFile,
  lostFiles,
  submissionOfJob,
  withChosenFile,
  type Submission,
  type SubmittedFile,
} from './submission';

const file = (envVar: string, more: Partial<SubmittedFile> = {}): SubmittedFile => {
  const kept = { size: 3, lastModified: 7, file: null, multipart: { uploadId: 'begun', partSize: 2 }, isUploaded: false };
  return { envVar, displayName: envVar, name: `${envVar}.csv`, ...kept, ...more };
};
const submission = (...files: SubmittedFile[]): Submission => {
  const target = { userUid: 'user', partner: 'demo', tenant: 'north', bundleName: 'Scores', schoolYear: '2026' };
  return { uid: 'uid', ...target, createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-01-02T00:00:00Z', files };
};

describe('a submission that goes on', () => {
  it('asks for the files that the browser lost, but not for those that are up', () => {
    const kept = file('B', { file: new File(['abc'], 'B.csv') });
    expect(lostFiles(submission(file('A'), kept, file('C', { isUploaded: true }))).map(({ envVar }) => envVar)).toEqual(['A']);
  });

  it('takes a file by its name and size', () => {
    expect(isSameFile(file('A'), new File(['abc'], 'A.csv'))).toBe(true);
    expect(isSameFile(file('A'), new File(['abcd'], 'A.csv'))).toBe(false);
    expect(isSameFile(file('A'), new File(['abc'], 'a.csv'))).toBe(false);
  });

  it('goes on with the parts of a file that was not changed since, and not of one that was', () => {
    const unchanged = new File(['abc'], 'A.csv', { lastModified: 7 });
    const changed = new File(['abc'], 'A.csv', { lastModified: 8 });
    const [other, ...rest] = [file('A'), file('B')];
    const begun = submission(other, ...rest);
    expect(withChosenFile(begun, 'A', unchanged).files).toEqual([file('A', { file: unchanged }), file('B')]);
    expect(withChosenFile(begun, 'A', changed).files[0]).toEqual(file('A', { file: changed, lastModified: 8, multipart: null }));
  });

  it('changes one file alone', () => {
    const changed = changeFile(submission(file('A'), file('B')), 'B', () => ({ isUploaded: true }));
    expect(changed.files).toEqual([file('A'), file('B', { isUploaded: true })]);
  });
});

describe('a submission of which this browser has nothing', () => {
  const job = (size: number | null) => ({
    ...{ uid: 'uid', bundleName: 'Scores', schoolYear: '2026' },
    ...{ createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-01-02T00:00:00Z' },
    files: {
      A: { name: 'A.csv', size: 3, sha256: null, removedAt: null },
      B: { name: 'B.csv', size, sha256: null, removedAt: null },
    },
  });
  const tenant = { partner: 'demo', tenant: 'north' };
  const bundleFiles = [{ envVar: 'A', displayName: 'Scores' }];

  it('is made of its job, and asks for all files, by the names that the bundle gives them', () => {
    const nothing = { lastModified: 0, multipart: null };
    const expected = submission(file('A', { ...nothing, displayName: 'Scores' }), file('B', nothing));
    expect(submissionOfJob(job(3), tenant, 'user', bundleFiles)).toEqual(expected);
  });

  it('cannot be made where a file could not be told from another', () => {
    expect(submissionOfJob(job(null), tenant, 'user', bundleFiles)).toBeNull();
  });
});
