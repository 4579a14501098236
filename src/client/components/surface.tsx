import { Paper, type PaperProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** The card that a page's parts lie on. */
export function Surface({ children, ...paper }: PaperProps & { children: ReactNode }) {
  return (
    <Paper withBorder bg="var(--slipway-surface)" style={{ borderColor: 'var(--slipway-line)' }} {...paper}>
      {children}
    </Paper>
  );
}
