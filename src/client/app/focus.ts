import { useEffect, useRef, type RefObject } from 'react';
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
