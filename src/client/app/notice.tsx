import { Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageHeading } from '../components/page-heading';

/** A page that has nothing but a message. */
export function Notice({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Stack gap="lg" maw={560} py="xl">
      <PageHeading title={title} description={text} />
      <Group>{children}</Group>
    </Stack>
  );
}
