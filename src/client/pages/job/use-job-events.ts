import { useCallback, useState } from 'react';
import { useEventSource } from '../../api/event-source';
import { jobEventsUrl, type JobEvent, type JobPath, type JobStatus } from '../../api/jobs';
import { isOver } from './job-progress';

const TYPES: readonly JobEvent['type'][] = [
  'job.created',
  'job.queued',
  'job.succeeded',
  'job.failed',
  'job.cancelled',
  'job.expired',
  'job.resolved',
  'job.reopened',
  'run.started',
  'run.taken_over',
  'run.progress',
  'run.retrying',
];

/**
 * The history of a job as it grows. A stream that is opened anew begins with the first event, so each is kept once.
 *
 * @param onEvent something has happened that the job itself shows too
 * @returns `live`: whether the stream is open; null where nothing more can come
 */
export function useJobEvents(
  path: JobPath,
  status: JobStatus,
  onEvent: () => void,
): { events: readonly JobEvent[]; live: boolean | null } {
  const [events, setEvents] = useState<readonly JobEvent[]>([]);
  const over = isOver(status);
  const add = useCallback((event: JobEvent) => {
    setEvents((known) => (known.some(({ uid }) => uid === event.uid) ? known : [...known, event]));
  }, []);
  const open = useEventSource(jobEventsUrl(path), {
    events: TYPES,
    onEvent: (data) => {
      add(data as JobEvent);
      if (!over) onEvent();
    },
    onReopen: onEvent,
    goesOn: !over,
  });
  return { events, live: over ? null : open };
}
