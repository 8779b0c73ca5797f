// Keeps the keyboard in a box whose redraw took away what had it.

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

export const PRESSABLE = "button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled])";

/** If what had the keyboard is gone, the first of `wanted` in the box gets it, or else the box itself. */
export function useKeptFocus(box: RefObject<HTMLElement | null>, wanted = ""): void {
  const had = box.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    if (!had || !box.current || (document.activeElement ?? document.body) !== document.body) return;
    const first = wanted ? box.current.querySelector<HTMLElement>(wanted) : null;
    (first ?? box.current).focus({ preventScroll: true });
  });
}
