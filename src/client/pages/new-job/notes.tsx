import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notes.module.css';

/** Something that may go wrong later, but keeps nobody from going on. */
export function Warning({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      className={classes.warning}
      classNames={{ title: classes.title }}
      role="alert"
    >
      {children}
    </Alert>
  );
}

/** Something that is good to know. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <Alert color="gray" variant="light" icon={<IconInfoCircle aria-hidden />} role="status">
      {children}
    </Alert>
  );
}
