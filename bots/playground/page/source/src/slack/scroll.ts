// Keeps a list of messages where its reader is: at its end while they are there, else at what they were reading.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

const NEAR_END = 40;
const NEAR_START = 600; // pixels above which older messages are asked for
const PATIENCE = 2_000; // milliseconds after which they are asked for again

interface Ends {
  /** Names the first message drawn. */
  first: string;
  /** Names the last one. */
  last: string;
  /** Asked for what comes before the first one, if there is anything. */
  older: (() => void) | null;
}

interface Kept {
  onScroll: () => void;
  /** Something came that lies below what is in sight. */
  below: boolean;
  toEnd: () => void;
}

export function useKeptPlace(box: RefObject<HTMLElement | null>, { first, last, older }: Ends): Kept {
  const place = useRef({ first, atEnd: true });
  const asked = useRef({ first: "", at: 0 });
  const [seen, setSeen] = useState(last);
  // Before this draw is put in place: where the message stands that was the first one until now.
  const before = topOf(box.current, place.current.first);

  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    if (place.current.atEnd) {
      toEnd(list);
      setSeen(last);
    } else if (before !== null) {
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
  const onScroll = () => {
    const list = box.current;
    if (!list) return;
    place.current.atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
    if (place.current.atEnd) setSeen(last);
    const again = asked.current.first !== first || performance.now() - asked.current.at > PATIENCE;
    if (older && list.scrollTop < NEAR_START && again) {
      asked.current = { first, at: performance.now() };
      older();
    }
  };
  return { onScroll, below: last > seen, toEnd: () => box.current && toEnd(box.current) };
}

function topOf(list: HTMLElement | null, ts: string): number | null {
  const found = ts && list?.querySelector(`[data-message="${CSS.escape(ts)}"]`);
  return found ? found.getBoundingClientRect().top : null;
}

function toEnd(list: HTMLElement): void {
  list.scrollTop = list.scrollHeight;
}
