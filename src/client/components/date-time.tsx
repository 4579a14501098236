import { Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useState } from 'react';
import classes from './date-time.module.css';
import { formatDateTime, formatExactTime, formatRelative } from './format';

const MINUTE_MS = 60_000;

/** The present, anew each minute. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useInterval(() => setNow(Date.now()), MINUTE_MS, { autoInvoke: true });
  return now;
}

/** A time in the reader's zone, with how long ago that was; exact to the second when pointed at. @param value RFC 3339 */
export function DateTime({ value, inline = false }: { value: string; inline?: boolean }) {
  const relative = formatRelative(value, useNow());
  return (
    <time dateTime={value} title={formatExactTime(value)}>
      <span className={inline ? undefined : classes.whole}>{formatDateTime(value)}</span>
      {relative !== null && (
        <Text component="span" c="dimmed" inherit display={inline ? 'inline' : 'block'}>
          {inline ? ` (${relative})` : relative}
        </Text>
      )}
    </time>
  );
}
