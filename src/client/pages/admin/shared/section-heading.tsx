import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface SectionHeadingProps {
  readonly title: string;
  readonly intro?: string;
  readonly actions?: ReactNode;
}

/** What a part of a page is, and what can be done there. */
export function SectionHeading({ title, intro, actions }: SectionHeadingProps) {
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={2} miw={0} flex="1 1 260px">
        <Title order={2}>{title}</Title>
        {intro !== undefined && (
          <Text c="dimmed" size="sm" maw={680}>
            {intro}
          </Text>
        )}
      </Stack>
      {actions}
    </Group>
  );
}
