import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { sessionQuery, type Session } from '../../api/session';
import { useSignOut } from '../../app/use-sign-out';
import { PageHeading } from '../../components/page-heading';
import { ProblemAlert } from '../../components/problem-alert';
import { texts } from '../../texts';

/** For somebody whom the issuer knows, and nobody here has let in yet. */
export function NotAdmitted({ session: { user } }: { session: Session }) {
  const client = useQueryClient();
  const leave = useSignOut();
  return (
    <Stack gap="md">
      <PageHeading title={texts.signIn.notAdmittedTitle} />
      <Text>{texts.signIn.notAdmitted}</Text>
      {user && <Text c="dimmed">{texts.signIn.signedInAs(user.name, user.email)}</Text>}
      {leave.error && <ProblemAlert error={leave.error} />}
      <Group>
        <Button onClick={() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey })}>
          {texts.signIn.lookAgain}
        </Button>
        <Button variant="default" loading={leave.isPending} onClick={() => leave.mutate()}>
          {texts.shell.signOut}
        </Button>
      </Group>
    </Stack>
  );
}
