import { Paper, type PaperProps } from '@mantine/core';
import type { AriaAttributes, ReactNode } from 'react';

interface SurfaceProps extends PaperProps, AriaAttributes {
  readonly component?: 'div' | 'section';
  readonly children: ReactNode;
}

/** The card that a page's parts lie on. */
export function Surface({ component = 'div', style, ...paper }: SurfaceProps) {
  return (
    <Paper
      component={component}
      withBorder
      bg="var(--slipway-surface)"
      style={[{ borderColor: 'var(--slipway-line)' }, style]}
      {...paper}
    />
  );
}
