import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useFocusOnNavigation } from '../app/focus';
import { texts } from '../texts';

interface PageHeadingProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
}

/** A page's one `h1`, which is also the document's title and takes the focus on navigation. */
export function PageHeading({ title, description, actions }: PageHeadingProps) {
  const heading = useFocusOnNavigation<HTMLHeadingElement>();
  useEffect(() => {
    document.title = texts.common.title(title);
  }, [title]);
  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <Stack gap={4} miw={0} flex="1 1 180px">
        <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {description !== undefined && (
          <Text c="dimmed" component="div">
            {description}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <Group gap="sm">{actions}</Group>}
    </Group>
  );
}
