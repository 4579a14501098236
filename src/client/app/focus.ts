import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { useLocation } from 'react-router';

/** The first document has this key: the browser has put the focus itself then. */
const FIRST = 'default';

/** Moves the focus to a page's heading when one comes to the page by a link, so that a screen reader begins there. */
export function useFocusOnNavigation<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  const { key } = useLocation();
  const isFirst = useRef(key === FIRST);
  useEffect(() => {
    if (!isFirst.current) element.current?.focus({ preventScroll: true });
  }, []);
  return element;
}

/** Gives the focus back to what had it, when the dialog that took it goes; for dialogs that are open as long as they are mounted. */
export function useFocusReturn(): void {
  const [before] = useState(() => document.activeElement);
  useLayoutEffect(
    () => () => {
      setTimeout(() => {
        if (!isLost()) return;
        if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
        if (isLost()) focusHeading();
      });
    },
    [before],
  );
}

/** For a button that goes with what it did: the focus goes to the page's heading and not to the top of the document. */
export function useFocusAfterRemoval<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useLayoutEffect(() => {
    const button = element.current;
    return () => {
      const active = document.activeElement;
      const hadFocus = active === button || active?.closest('[role=dialog]') != null;
      if (hadFocus)
        setTimeout(() => {
          if (isLost()) focusHeading();
        });
    };
  }, []);
  return element;
}

/** Browsers put it there when the element that had it is removed. */
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

const focusHeading = (): void => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
