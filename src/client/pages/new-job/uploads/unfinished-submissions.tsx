import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { tenantUrl, useSession } from '../../../app/tenant';
import { ConfirmButton } from '../../../components/confirm-button';
import { formatDateTime } from '../../../components/format';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { discardSubmission } from './discard-submission';
import type { Submission } from './submission';
import { listSubmissions } from './submission-store';

const KEY = ['unfinished-submissions'];

/** What the user submitted in this browser and did not upload completely. */
export function UnfinishedSubmissions() {
  const { user } = useSession();
  const client = useQueryClient();
  const { data = [] } = useQuery({
    queryKey: [...KEY, user?.uid],
    queryFn: () => listSubmissions(user?.uid ?? ''),
    // It is in the browser, and may have changed with the page before.
    staleTime: 0,
    gcTime: 0,
    networkMode: 'always',
  });
  const words = texts.newJob.unfinished;
  if (data.length === 0) return null;
  return (
    <Surface p="lg">
      <Stack gap="md">
        <Title order={2}>{words.title}</Title>
        <Text size="sm" c="dimmed">
          {words.intro}
        </Text>
        {data.map((submission) => (
          <Group key={submission.uid} justify="space-between" gap="sm">
            <Stack gap={0} miw={0}>
              <Text fw={500} size="sm">
                {submission.bundleName}
              </Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {submission.files.map(({ name }) => name).join(', ')} · {words.until(formatDateTime(submission.expiresAt))}
              </Text>
            </Stack>
            <Group gap="xs">
              <Button component={Link} to={continueUrl(submission)} size="xs" aria-label={words.goOnFor(submission.bundleName)}>
                {words.goOn}
              </Button>
              <ConfirmButton
                size="xs"
                aria-label={words.discardFor(submission.bundleName)}
                title={words.discardFor(submission.bundleName)}
                message={texts.newJob.upload.cancelQuestion}
                confirm={words.discard}
                danger
                onConfirm={async () => {
                  await discardSubmission(submission);
                  await client.invalidateQueries({ queryKey: KEY });
                }}
              >
                {words.discard}
              </ConfirmButton>
            </Group>
          </Group>
        ))}
      </Stack>
    </Surface>
  );
}

const continueUrl = (submission: Submission): string => `${tenantUrl(submission)}/jobs/new?job=${submission.uid}`;
