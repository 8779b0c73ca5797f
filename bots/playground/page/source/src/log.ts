// A list of messages that keeps the reader's place: at its end it stays there, and what comes in above moves nothing.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const NEAR_END = 40;

/** For the box that scrolls. `place` names what it shows: another place begins at its end. */
export function useLog(place: string): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const seen = useRef({ place: "", height: 0, first: null as Element | null, atEnd: true });
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const before = seen.current;
    if (before.place !== place || before.atEnd) list.scrollTop = list.scrollHeight;
    else if (list.firstElementChild?.nextElementSibling !== before.first && list.scrollTop < NEAR_END) {
      list.scrollTop += list.scrollHeight - before.height;
    }
    seen.current = {
      place,
      height: list.scrollHeight,
      first: list.firstElementChild?.nextElementSibling ?? null,
      atEnd: atEnd(list),
    };
  });
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const note = () => {
      seen.current.atEnd = atEnd(list);
    };
    // A picture that arrives, or a form that opens beside, changes heights without a redraw.
    const stay = () => {
      if (seen.current.atEnd) list.scrollTop = list.scrollHeight;
    };
    const sizes = new ResizeObserver(stay);
    sizes.observe(list);
    list.addEventListener("scroll", note, { passive: true });
    list.addEventListener("load", stay, { capture: true });
    return () => {
      sizes.disconnect();
      list.removeEventListener("scroll", note);
      list.removeEventListener("load", stay, { capture: true });
    };
  }, [place]);
  return box;
}

const atEnd = (list: HTMLElement) => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END;
