import { Progress, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { JobDetail, JobEvent } from '../../api/jobs';
import { DateTime } from '../../components/date-time';
import { formatDateTime, formatNumber } from '../../components/format';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import { cancelledBy, queuedAt, STEPS, stepStates, type Step, type StepState } from './job-progress';
import classes from './job-tracker.module.css';

const { tracker: words } = texts.job;

/** Where the job is on its way from creation to its end. @param events its history, as far as it is known */
export function JobTracker({ job, events }: { job: JobDetail; events: readonly JobEvent[] }) {
  const states = stepStates(job);
  return (
    <Surface p="lg" component="section" aria-label={words.label}>
      <ol className={classes.steps}>
        {STEPS.map((step, index) => (
          <li
            key={step}
            className={classes.step}
            data-state={states[step]}
            aria-current={states[step] === 'current' ? 'step' : undefined}
          >
            <span className={classes.dot} aria-hidden>
              <StepIcon state={states[step]} number={index + 1} />
            </span>
            <div className={classes.words}>
              <Text fw={600} size="sm">
                {nameOf(step, job)}
                <VisuallyHidden> ({words.states[states[step]]})</VisuallyHidden>
              </Text>
              <Text size="xs" c="dimmed" component="div">
                <StepNote step={step} state={states[step]} job={job} events={events} />
              </Text>
            </div>
          </li>
        ))}
      </ol>
      {job.status === 'running' && <RunProgress job={job} />}
    </Surface>
  );
}

function StepIcon({ state, number }: { state: StepState; number: number }) {
  if (state === 'done') return <IconCheck size={16} />;
  return state === 'stopped' ? <IconX size={16} /> : <>{number}</>;
}

/** The last step is called by how the job ended. */
function nameOf(step: Step, { status }: JobDetail): string {
  return step === 'done' && (status === 'succeeded' || status === 'failed') ? texts.jobs.statuses[status] : words.steps[step];
}

interface StepNoteProps {
  readonly step: Step;
  readonly state: StepState;
  readonly job: JobDetail;
  readonly events: readonly JobEvent[];
}

function StepNote({ step, state, job, events }: StepNoteProps) {
  const { status, createdAt, startedAt, finishedAt, expiresAt, runs } = job;
  const run = runs.at(-1);
  const queued = queuedAt(events);
  const canceller = cancelledBy(events);
  if (step === 'created') return <DateTime value={createdAt} />;
  if (state === 'stopped' && status === 'cancelled' && canceller !== null) return <>{words.cancelledBy(canceller)}</>;
  if (state === 'stopped' && status !== 'failed') return <>{texts.jobs.statuses[status]}</>;
  if (step === 'uploaded' && state === 'current') return <>{words.waitsForFiles(formatDateTime(expiresAt))}</>;
  if (step === 'uploaded' && startedAt !== null) return <DateTime value={startedAt} />;
  if (step === 'queued' && state === 'current') return <>{words.waits}</>;
  if (step === 'queued' && state === 'done' && queued !== null) return <DateTime value={queued} />;
  if (step === 'running' && state !== 'ahead' && run?.startedAt) return <DateTime value={run.startedAt} />;
  if (step === 'done' && finishedAt !== null) return <DateTime value={finishedAt} />;
  return null;
}

function RunProgress({ job: { progress } }: { job: JobDetail }) {
  const percent = progress?.percent ?? null;
  const stage = progress ? words.stages[progress.stage] : words.starting;
  return (
    <div className={classes.progress}>
      <Text size="sm">
        {stage}
        {progress && ` · ${words.rows(formatNumber(progress.rowsRead), formatNumber(progress.rowsWritten))}`}
        {percent !== null && ` · ${texts.jobs.percent(percent)}`}
      </Text>
      <Progress
        value={percent ?? 100}
        animated={percent === null}
        striped={percent === null}
        aria-label={words.progress}
        mt="xs"
      />
    </div>
  );
}
