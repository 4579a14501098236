import { jobActions } from './job-actions';
import type { JobStatus } from './job-status';

const at = new Date();
const namesOf = (status: JobStatus, changes: object = {}): string[] =>
  Object.entries(jobActions({ status, startedAt: at, inputsRemovedAt: null, resolvedAt: null, ...changes }))
    .filter(([, may]) => may)
    .map(([name]) => name)
    .sort();

it.each([
  ['created', {}, ['cancel', 'renewUploads', 'start']],
  ['queued', {}, ['cancel']],
  ['running', {}, ['cancel']],
  ['succeeded', {}, []],
  ['failed', {}, ['resolve', 'retry']],
  ['failed', { resolvedAt: at }, ['reopen', 'retry']],
  ['failed', { inputsRemovedAt: at }, ['resolve']],
  ['cancelled', {}, ['retry']],
  ['cancelled', { startedAt: null }, []],
  ['expired', {}, []],
] as const)('what may be done to a job that is %s with %j', (status, changes, names) => {
  expect(namesOf(status, changes)).toEqual(names);
});
