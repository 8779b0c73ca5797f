// Keeps a list of messages where its reader is: at its end while they are there, else at what they were reading.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const NEAR_END = 40;
const NEAR_START = 600; // pixels above which older messages are asked for

interface Place {
  first: string;
  top: number;
  atEnd: boolean;
}

/** `first` names the first message drawn; `older` is asked for what comes before it. */
export function useKeptPlace(
  box: RefObject<HTMLElement | null>,
  first: string,
  older: (() => void) | null,
): () => void {
  const place = useRef<Place>({ first, top: 0, atEnd: true });
  const asked = useRef("");
  // Before this draw is put in place: where the message stands that was the first one until now.
  const before = topOf(box.current, place.current.first);

  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    if (place.current.atEnd) toEnd(list);
    else if (before !== null) {
      const after = topOf(list, place.current.first);
      if (after !== null) list.scrollTop += after - before;
    }
    place.current.first = first;
  });
  useEffect(() => {
    const list = box.current;
    const content = list?.firstElementChild;
    if (!list || !content) return;
    // Messages out of sight have a guessed height, and pictures come late.
    const watching = new ResizeObserver(() => place.current.atEnd && toEnd(list));
    watching.observe(content);
    watching.observe(list);
    return () => watching.disconnect();
  }, []);
  return () => {
    const list = box.current;
    if (!list) return;
    place.current.atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    if (older && list.scrollTop < NEAR_START && asked.current !== first) {
      asked.current = first;
      older();
    }
  };
}

function topOf(list: HTMLElement | null, ts: string): number | null {
  const found = list?.querySelector(`[data-message="${CSS.escape(ts)}"]`);
  return found ? found.getBoundingClientRect().top : null;
}

function toEnd(list: HTMLElement): void {
  list.scrollTop = list.scrollHeight;
}
