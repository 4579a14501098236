import { Text } from '@mantine/core';
import type { JobDetail, JobEvent } from '../../api/jobs';
import { formatClockTime, formatExactTime } from '../../components/format';
import { StatusBadge } from '../../components/status-badge';
import { texts } from '../../texts';
import { eventWords } from './event-words';
import classes from './job.module.css';
import { Section } from './section';

interface JobLogProps {
  readonly job: JobDetail;
  readonly events: readonly JobEvent[];
  readonly live: boolean | null;
}

/** What has happened to the job, in plain words, the newest first. */
export function JobLog({ job, events, live }: JobLogProps) {
  return (
    <Section
      title={texts.job.log.title}
      aside={
        live !== null && (
          <StatusBadge tone={live ? 'active' : 'warning'}>{live ? texts.job.log.live : texts.job.log.reconnecting}</StatusBadge>
        )
      }
    >
      {events.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.job.log.empty}
        </Text>
      ) : (
        <ol className={classes.log} tabIndex={0} aria-label={texts.job.log.title}>
          {[...events].reverse().map((event) => (
            <li key={event.uid}>
              <time dateTime={event.at} title={formatExactTime(event.at)}>
                {formatClockTime(event.at)}
              </time>
              <span>{eventWords(event, job)}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
