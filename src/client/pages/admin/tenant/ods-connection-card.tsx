import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { deleteOdsConnection, testOdsConnection } from '../../../api/admin';
import type { TenantPath } from '../../../api/tenant';
import { BusyButton } from '../../../components/busy-button';
import { ConfirmButton } from '../../../components/confirm-button';
import { Loading } from '../../../components/loading';
import { ProblemAlert } from '../../../components/problem-alert';
import { Surface } from '../../../components/surface';
import { texts } from '../../../texts';
import { useAdminMutation } from '../shared/use-admin-mutation';
import { ConnectionFacts } from './connection-facts';
import { ConnectionForm } from './connection-form';
import { TestResult } from './test-result';
import type { ConnectionYear } from './years-of';

const words = texts.admin.ods;

/** The connection of one school year, or the way to add it. */
export function OdsConnectionCard({ tenant, schoolYear, enabled, connection }: ConnectionYear & { tenant: TenantPath }) {
  const path = { ...tenant, schoolYear };
  const [editing, { open, close }] = useDisclosure(false);
  const test = useMutation({ mutationFn: () => testOdsConnection(path) });
  const remove = useAdminMutation(
    () => deleteOdsConnection(path),
    () => words.removed(schoolYear),
  );
  /** What was found out is about what was there before. */
  const forget = (): void => {
    test.reset();
    close();
  };
  return (
    <Surface p="md">
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Group gap="sm">
            <Title order={3}>{texts.common.schoolYear(schoolYear)}</Title>
            {!enabled && (
              <Badge variant="default" size="sm">
                {words.yearNotEnabled}
              </Badge>
            )}
            {!connection && (
              <Text size="sm" c="dimmed">
                {words.none}
              </Text>
            )}
          </Group>
          {connection ? (
            <Group gap="xs">
              <BusyButton
                size="xs"
                variant="light"
                leftSection={<IconPlugConnected size={16} aria-hidden />}
                busy={test.isPending}
                onClick={() => test.mutate()}
                aria-label={words.testFor(schoolYear)}
              >
                {words.test}
              </BusyButton>
              {enabled && (
                <Button size="xs" variant="default" onClick={open} aria-label={words.editFor(schoolYear)}>
                  {texts.common.edit}
                </Button>
              )}
              <ConfirmButton
                size="xs"
                label={words.removeFor(schoolYear)}
                title={words.removeTitle(schoolYear)}
                message={words.removeBody}
                danger
                onConfirm={() => remove.mutateAsync(undefined, { onSuccess: () => test.reset() })}
              >
                {texts.common.delete}
              </ConfirmButton>
            </Group>
          ) : (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={open}
              aria-label={words.addFor(schoolYear)}
            >
              {words.add}
            </Button>
          )}
        </Group>
        {connection && <ConnectionFacts connection={connection} />}
        {test.isPending && <Loading />}
        {test.error && <ProblemAlert error={test.error} />}
        {test.data && !test.isPending && <TestResult check={test.data} />}
      </Stack>
      {editing && <ConnectionForm path={path} connection={connection} onSaved={forget} onClose={close} />}
    </Surface>
  );
}
