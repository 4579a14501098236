import { Group, Stack, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { Surface } from '../../components/surface';

/** A part of the job's page under its own heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <Surface p="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Title order={2} id={id}>
            {title}
          </Title>
          {aside}
        </Group>
        {children}
      </Stack>
    </Surface>
  );
}
