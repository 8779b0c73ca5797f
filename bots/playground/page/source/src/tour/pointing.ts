// Points at what came of a step: outlines it in its pane and brings it into view there, once.

import { useEffect, useRef } from "preact/hooks";
import type { Side } from "../shapes";
import type { Points } from "./steps";

const POINTED = "data-pointed";

export function usePointing(points: Points): void {
  const scrolled = useRef<{ of: Points; to: Set<Element> }>({ of: points, to: new Set() });
  // After every redraw: what is pointed at may have been drawn anew, or come into view only now.
  useEffect(() => {
    if (scrolled.current.of !== points) scrolled.current = { of: points, to: new Set() };
    const found = (Object.keys(points) as Side[]).flatMap((side) => {
      const at = points[side]?.at;
      // The last one: a thread that is open beside the channel shows its card a second time.
      return at ? [...document.querySelectorAll(`[data-pane="${side}"] ${at}`)].slice(-1) : [];
    });
    for (const before of document.querySelectorAll(`[${POINTED}]`)) {
      if (!found.includes(before)) before.removeAttribute(POINTED);
    }
    for (const element of found) {
      element.setAttribute(POINTED, "");
      if (scrolled.current.to.has(element) || element.getClientRects().length === 0) continue;
      scrolled.current.to.add(element);
      bringIntoView(element);
    }
  });
}

/** Within the list that it stands in; the page itself stays where it is. */
function bringIntoView(element: Element): void {
  let list = element.parentElement;
  while (list && list.scrollHeight <= list.clientHeight + 1) list = list.parentElement;
  if (!list || list === document.documentElement || list === document.body) return;
  const inside = element.getBoundingClientRect();
  const around = list.getBoundingClientRect();
  const gap = Math.max(8, (around.height - inside.height) / 2);
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  list.scrollTo({ top: list.scrollTop + inside.top - around.top - gap, behavior });
}
