import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertCircle, IconChecks } from '@tabler/icons-react';
import type { JobDetail } from '../../api/jobs';
import { formatDateTime } from '../../components/format';
import { texts } from '../../texts';
import { placeOf, remedyFor } from './error-place';

const { error: words } = texts.job;

/** Why the job failed: what is wrong, in which file and row, and what to do. */
export function JobErrorAlert({ job }: { job: JobDetail }) {
  const { error, resolvedAt, resolvedBy } = job;
  if (!error) return null;
  const place = placeOf(error, job.files);
  const remedy = remedyFor(error, place);
  return (
    <Alert color="red" variant="light" title={error.title} icon={<IconAlertCircle aria-hidden />}>
      <Stack gap="xs">
        <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {error.detail}
        </Text>
        {place && (
          <Text size="sm">
            {place.isInput ? words.inFile : words.inBundle} <strong>{place.name}</strong>
            {place.line !== null && <>, {(place.isInput ? words.row : words.line)(place.line)}</>}
          </Text>
        )}
        {remedy !== null && (
          <Text size="sm" c="dimmed">
            {words.remedies[remedy]}
          </Text>
        )}
        {resolvedAt !== null && (
          <Text size="sm">
            <IconChecks size={16} aria-hidden style={{ verticalAlign: '-3px' }} />{' '}
            {words.resolved(resolvedBy, formatDateTime(resolvedAt))}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
