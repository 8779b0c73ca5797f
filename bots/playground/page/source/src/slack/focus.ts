// Keeps the keyboard in a box whose redraw took away what had it.

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

const PRESSABLE = "button:not([disabled]), a[href], input:not([disabled]), textarea:not([disabled])";

/** If what had the keyboard is gone: `first` what can be pressed in the box, or the box itself. */
export function useKeptFocus(box: RefObject<HTMLElement | null>, to: "first" | "box"): void {
  const had = box.current?.contains(document.activeElement) === true;
  useLayoutEffect(() => {
    if (!had || !box.current || (document.activeElement ?? document.body) !== document.body) return;
    const first = to === "first" ? box.current.querySelector<HTMLElement>(PRESSABLE) : null;
    (first ?? box.current).focus({ preventScroll: true });
  });
}
