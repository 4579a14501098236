import {
  IconAlertCircle,
  IconBan,
  IconCheck,
  IconChecks,
  IconClock,
  IconClockOff,
  IconLoader2,
  IconUpload,
  type Icon,
} from '@tabler/icons-react';
import type { JobStatus } from '../api/jobs';
import { texts } from '../texts';
import { StatusBadge, type Tone } from './status-badge';

const LOOKS: Record<JobStatus, { tone: Tone; icon: Icon }> = {
  created: { tone: 'neutral', icon: IconUpload },
  queued: { tone: 'waiting', icon: IconClock },
  running: { tone: 'active', icon: IconLoader2 },
  succeeded: { tone: 'good', icon: IconCheck },
  failed: { tone: 'bad', icon: IconAlertCircle },
  cancelled: { tone: 'neutral', icon: IconBan },
  expired: { tone: 'warning', icon: IconClockOff },
};

/** A job's status; a failed one that somebody has dealt with is said to be so. */
export function JobStatusBadge({ status, resolved }: { status: JobStatus; resolved: boolean }) {
  const { tone, icon: StatusIcon } = resolved ? { tone: 'neutral' as const, icon: IconChecks } : LOOKS[status];
  return (
    <StatusBadge tone={tone} icon={<StatusIcon aria-hidden />}>
      {resolved ? texts.jobs.resolved : texts.jobs.statuses[status]}
    </StatusBadge>
  );
}
