import type { ReactNode } from 'react';
import classes from './status-badge.module.css';

/** What a status means for the reader: all is well, something goes on, something waits, or something is wrong. */
export type Tone = 'neutral' | 'waiting' | 'active' | 'good' | 'bad' | 'warning';

/** A status as a word with an icon, so that it does not depend on colour alone. */
export function StatusBadge({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
