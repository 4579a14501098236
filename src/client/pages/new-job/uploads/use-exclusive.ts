import { useEffect, useState } from 'react';

/**
 * Holds a lock of this name, which one tab of the browser has at a time, while the component is there; another tab's end hands it on.
 *
 * @returns whether it is held. A browser without locks (a page that was not loaded by HTTPS) has every tab do as it likes.
 */
export function useExclusive(name: string): boolean {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const locks = (navigator as { locks?: LockManager }).locks;
    if (!locks) {
      setHeld(true);
      return;
    }
    const waiting = new AbortController();
    let release = (): void => waiting.abort();
    locks
      .request(name, { signal: waiting.signal }, () => {
        setHeld(true);
        return new Promise<void>((resolve) => (release = resolve));
      })
      // It was given up before its turn came.
      .catch(() => undefined);
    return () => {
      release();
      setHeld(false);
    };
  }, [name]);
  return held;
}
