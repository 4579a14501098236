import type { JobDetail, JobEvent, RunError } from '../../api/jobs';
import { formatNumber } from '../../components/format';
import { texts } from '../../texts';
import { placeOf } from './error-place';

const { events: words } = texts.job;

/** An event in plain words. Its data may lack what this page knows of, or have more: servers and pages change apart. */
export function eventWords(
  { type, data, by }: Pick<JobEvent, 'type' | 'data' | 'by'>,
  { files }: Pick<JobDetail, 'files'>,
): string {
  switch (type) {
    case 'job.created':
      return words.created;
    case 'job.queued':
      return by === null ? words.queued : words.queuedBy(by);
    case 'run.started':
      return words.started;
    case 'run.taken_over':
      return words.takenOver(figure(data['attempt']) ?? '?');
    case 'run.progress':
      return progressWords(data);
    case 'run.retrying':
      return words.retrying(text(data['title']) ?? '');
    case 'job.succeeded':
      return words.succeeded(figure(data['rowsRead']) ?? '0', figure(data['rowsWritten']) ?? '0');
    case 'job.failed':
      return failureWords(data['error'] as RunError | undefined, files);
    case 'job.cancelled':
      return by === null ? words.cancelled : words.cancelledBy(by);
    case 'job.expired':
      return words.expired;
    case 'job.resolved':
      return by === null ? words.resolved : words.resolvedBy(by);
    case 'job.reopened':
      return by === null ? words.reopened : words.reopenedBy(by);
    default:
      return type satisfies never;
  }
}

function progressWords(data: JobEvent['data']): string {
  const stage = text(data['stage']);
  const known = texts.job.tracker.stages as Readonly<Record<string, string>>;
  const rows = words.rows(figure(data['rowsRead']) ?? '0', figure(data['rowsWritten']) ?? '0');
  const percent = typeof data['percent'] === 'number' ? texts.jobs.percent(data['percent']) : null;
  return [stage === null ? null : (known[stage] ?? stage), rows, percent].filter((part) => part !== null).join(' · ');
}

function failureWords(error: RunError | undefined, files: JobDetail['files']): string {
  if (!error) return words.failed;
  const place = placeOf(error, files);
  const { row, line } = texts.job.error;
  const where = place && (place.line === null ? place.name : `${place.name}, ${(place.isInput ? row : line)(place.line)}`);
  return words.failedWith(error.title, where);
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const figure = (value: unknown): string | null => (typeof value === 'number' ? formatNumber(value) : null);
