import type { JobDetail, JobEvent, JobStatus } from '../../api/jobs';

/** What a job goes through, in order. */
export const STEPS = ['created', 'uploaded', 'queued', 'running', 'done'] as const;
export type Step = (typeof STEPS)[number];

/** `stopped`: it ended here without success. */
export type StepState = 'done' | 'current' | 'stopped' | 'ahead';

const ENDS: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled', 'expired'];

/** Whether nothing more happens, unless somebody retries it. */
export const isOver = (status: JobStatus): boolean => ENDS.includes(status);

/** The state of each step. */
export function stepStates({
  status,
  startedAt,
  runs,
}: Pick<JobDetail, 'status' | 'startedAt' | 'runs'>): Record<Step, StepState> {
  const reached = stepReached(status, startedAt !== null, runs.at(-1)?.startedAt != null);
  const at = STEPS.indexOf(reached);
  const here: StepState = status === 'succeeded' ? 'done' : isOver(status) ? 'stopped' : 'current';
  const states = STEPS.map((step, index): [Step, StepState] => [step, index < at ? 'done' : index === at ? here : 'ahead']);
  return Object.fromEntries(states) as Record<Step, StepState>;
}

/** A job that is started has all its files, and waits in the queue until a worker takes it. */
function stepReached(status: JobStatus, started: boolean, running: boolean): Step {
  switch (status) {
    case 'created':
    case 'expired':
      return 'uploaded';
    case 'queued':
      return 'queued';
    case 'running':
      return 'running';
    case 'succeeded':
    case 'failed':
      return 'done';
    case 'cancelled':
      return running ? 'running' : started ? 'queued' : 'uploaded';
    default:
      return status satisfies never;
  }
}

/** Who last cancelled the job; null where an API client did, and until the history has it. */
export const cancelledBy = (events: readonly Pick<JobEvent, 'type' | 'by'>[]): string | null =>
  events.findLast(({ type }) => type === 'job.cancelled')?.by ?? null;

/** When the job last came into the queue: a job that is run again comes into it again. Null until the history has it. RFC 3339 */
export const queuedAt = (events: readonly Pick<JobEvent, 'type' | 'at'>[]): string | null =>
  events.findLast(({ type }) => type === 'job.queued')?.at ?? null;
