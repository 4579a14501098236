import { classifyFailure } from './upload-failure';

describe('a failure of an upload', () => {
  it.each([
    ['no answer of the store', { source: { status: 0 } }, { kind: 'passing' }],
    ['an error of the store', { source: { status: 503 } }, { kind: 'passing' }],
    ['too many requests', { source: { status: 429 } }, { kind: 'passing' }],
    ['no answer of the server', { code: 'unreachable' }, { kind: 'passing' }],
    ['nothing at all', undefined, { kind: 'passing' }],
    ['a store that the server does not reach', { code: 'storage_unavailable' }, { kind: 'passing' }],
    ['a part that is missing', { code: 'parts_missing' }, { kind: 'passing' }],
    ['a refusal of the store', { source: { status: 403 } }, { kind: 'refused' }],
    ['an upload that the store does not know', { source: { status: 404 } }, { kind: 'begin_again' }],
    ['an upload that the server does not find', { code: 'upload_not_found' }, { kind: 'begin_again' }],
    ['a job that expired', { code: 'job_expired' }, { kind: 'final', code: 'job_expired' }],
    ['a session that ended', { code: 'not_signed_in' }, { kind: 'final', code: 'not_signed_in' }],
  ])('by %s', (_, error, expected) => {
    expect(classifyFailure(error)).toEqual(expected);
  });
});
