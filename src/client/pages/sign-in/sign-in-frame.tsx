import { Center, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Surface } from '../../components/surface';
import { texts } from '../../texts';
import classes from './sign-in.module.css';

/** What the pages look like that people see before they are in. */
export function SignInFrame({ children }: { children: ReactNode }) {
  return (
    <Center component="main" className={classes.page}>
      <Stack gap="lg" className={classes.column}>
        <div className={classes.brand}>
          <span className={classes.mark} aria-hidden />
          <Text fw={700} size="xl">
            {texts.common.product}
          </Text>
        </div>
        <Surface p="xl" shadow="sm">
          {children}
        </Surface>
        <Text size="sm" c="dimmed" ta="center">
          {texts.signIn.about}
        </Text>
      </Stack>
    </Center>
  );
}
