import type { JobDetail } from '../../api/jobs';
import { isOver, queuedAt, stepStates } from './job-progress';

const TIME = '2026-01-12T09:30:00.000Z';
type Given = Parameters<typeof stepStates>[0];
const run = (startedAt: string | null): JobDetail['runs'] => [
  { number: 1, status: 'queued', attempts: 0, startedAt, finishedAt: null, error: null },
];

describe("a job's steps", () => {
  it.each<[string, Given, string[]]>([
    ['waits for its files', { status: 'created', startedAt: null, runs: [] }, ['done', 'current', 'ahead', 'ahead', 'ahead']],
    ['has got none', { status: 'expired', startedAt: null, runs: [] }, ['done', 'stopped', 'ahead', 'ahead', 'ahead']],
    ['waits', { status: 'queued', startedAt: TIME, runs: run(null) }, ['done', 'done', 'current', 'ahead', 'ahead']],
    ['runs', { status: 'running', startedAt: TIME, runs: run(TIME) }, ['done', 'done', 'done', 'current', 'ahead']],
    ['succeeded', { status: 'succeeded', startedAt: TIME, runs: run(TIME) }, ['done', 'done', 'done', 'done', 'done']],
    ['failed', { status: 'failed', startedAt: TIME, runs: run(TIME) }, ['done', 'done', 'done', 'done', 'stopped']],
    ['was cancelled before', { status: 'cancelled', startedAt: null, runs: [] }, ['done', 'stopped', 'ahead', 'ahead', 'ahead']],
    [
      'was cancelled as it waited',
      { status: 'cancelled', startedAt: TIME, runs: run(null) },
      ['done', 'done', 'stopped', 'ahead', 'ahead'],
    ],
    [
      'was cancelled as it ran',
      { status: 'cancelled', startedAt: TIME, runs: run(TIME) },
      ['done', 'done', 'done', 'stopped', 'ahead'],
    ],
  ])('are, where it %s', (_name, job, states) => {
    expect(Object.values(stepStates(job))).toEqual(states);
  });

  it('come to an end in four ways', () => {
    const all = ['created', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired'] as const;
    expect(all.filter(isOver)).toEqual(['succeeded', 'failed', 'cancelled', 'expired']);
  });
});

it('the time of the queue is the last one, as a job may be run again', () => {
  const created = { type: 'job.created' as const, at: TIME };
  const queued = (at: string) => ({ type: 'job.queued' as const, at });
  expect(queuedAt([created])).toBeNull();
  expect(queuedAt([created, queued(TIME), queued('2026-01-13T09:30:00.000Z')])).toBe('2026-01-13T09:30:00.000Z');
});
