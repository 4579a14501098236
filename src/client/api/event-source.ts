import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { sessionQuery } from './session';

const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;

interface EventSourceOptions {
  /** The names of the events to listen for. */
  readonly events: readonly string[];
  readonly onEvent: (data: unknown) => void;
  /** The stream is open again after it was not: something may have been missed. */
  readonly onReopen?: () => void;
  /** Whether to go on when the server ends the stream, as it does once nothing more can come. */
  readonly goesOn: boolean;
}

/**
 * Follows a stream of server-sent events while the page is in sight. A browser has few connections for a server, and a page in the
 * background would keep one of them for nothing.
 *
 * @returns whether the stream is open; null until that is known for the first time
 */
export function useEventSource(url: string, { events, onEvent, onReopen, goesOn }: EventSourceOptions): boolean | null {
  const visible = useDocumentVisibility() === 'visible';
  const [open, setOpen] = useState<boolean | null>(null);
  const take = useEffectEvent((event: MessageEvent<string>) => onEvent(JSON.parse(event.data)));
  const reopened = useEffectEvent(() => onReopen?.());
  const client = useQueryClient();
  /** A browser does not say why; it may be that the session has ended. */
  const refused = useEffectEvent(() => void client.invalidateQueries({ queryKey: sessionQuery.queryKey }));
  const names = events.join(' ');

  useEffect(() => {
    if (!visible) return;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wait = FIRST_WAIT_MS;
    let connections = 0;

    function connect(): void {
      source = new EventSource(url);
      source.onopen = () => {
        if (connections++ > 0) reopened();
        wait = FIRST_WAIT_MS;
        setOpen(true);
      };
      source.onerror = () => {
        // What the browser does not try again by itself was refused, or ended for good.
        if (source?.readyState !== EventSource.CLOSED) return setOpen(goesOn ? false : null);
        refused();
        if (!goesOn) return;
        setOpen(false);
        timer = setTimeout(connect, wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      };
      for (const name of names.split(' ')) source.addEventListener(name, take);
    }

    connect();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [url, names, visible, goesOn]);

  // What happened while the page was out of sight.
  const [wasHidden, setWasHidden] = useState(false);
  useEffect(() => {
    if (!visible) setWasHidden(true);
    else if (wasHidden) {
      setWasHidden(false);
      reopened();
    }
  }, [visible, wasHidden]);

  return open;
}
