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

/**
 * For a button that is disabled while its work is under way, which makes browsers take the focus from it: gives it back, or where
 * the button has gone with what it did, puts it on the page's heading and not to the top of the document.
 */
export function useKeptFocus<T extends HTMLElement>(busy: boolean): RefObject<T | null> {
  const element = useRef<T>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    if (!busy && hadFocus.current && isLost()) element.current?.focus({ preventScroll: true });
    hadFocus.current = busy && document.activeElement === element.current;
  }, [busy]);
  useLayoutEffect(() => {
    const button = element.current;
    return () => {
      if (!hadFocus.current && document.activeElement !== button) return;
      setTimeout(() => {
        if (isLost()) focusHeading();
      });
    };
  }, []);
  return element;
}

/** Browsers put it there when the element that had it is removed. */
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/** Of the page; or the dialog over it, behind which the focus must not get. */
function focusHeading(): void {
  const [dialog, heading] = ['[role=dialog]', 'main h1'].map((selector) => document.querySelector<HTMLElement>(selector));
  (dialog ?? heading)?.focus({ preventScroll: true });
}
