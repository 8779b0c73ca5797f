// Points at what came of a step: outlines it in its pane and brings it into view there.

import { useEffect, useRef } from "preact/hooks";
import type { Side } from "../shapes";
import type { Points } from "./steps";

const POINTED = "data-pointed";
/** So long what is pointed at is kept in view: receipts still come in below, and lists follow their newest message. */
const HELD = 5_000;
const LOOK_AGAIN = 250;
const ONES_OWN = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

export function usePointing(points: Points): void {
  const current = useRef(points);
  current.current = points;
  // After every redraw: what is pointed at may have been drawn anew, or come into view only now.
  useEffect(() => {
    outline(current.current);
  });
  useEffect(() => {
    if (Object.keys(points).length === 0) return;
    const hold = () => {
      for (const element of outline(points)) bringIntoView(element);
    };
    const letGo = () => {
      clearInterval(timer);
      clearTimeout(end);
      for (const kind of ONES_OWN) removeEventListener(kind, letGo);
    };
    const timer = setInterval(hold, LOOK_AGAIN);
    const end = setTimeout(() => letGo(), HELD);
    // Whoever scrolls or presses something looks elsewhere.
    for (const kind of ONES_OWN) addEventListener(kind, letGo, { passive: true });
    hold();
    return letGo;
  }, [points]);
}

function outline(points: Points): Element[] {
  const found = (Object.keys(points) as Side[]).flatMap((side) => {
    const at = points[side]?.at;
    // The last one: a thread that is open beside the channel shows its card a second time.
    return at ? [...document.querySelectorAll(`[data-pane="${side}"] ${at}`)].slice(-1) : [];
  });
  for (const before of document.querySelectorAll(`[${POINTED}]`)) {
    if (!found.includes(before)) before.removeAttribute(POINTED);
  }
  for (const element of found) element.setAttribute(POINTED, "");
  return found;
}

/** Within the list that it stands in; the page itself stays where it is. */
function bringIntoView(element: Element): void {
  const list = listOf(element);
  if (!list || element.getClientRects().length === 0) return;
  const inside = element.getBoundingClientRect();
  const around = list.getBoundingClientRect();
  const fits = inside.height <= around.height;
  if (fits ? inside.top >= around.top && inside.bottom <= around.bottom : Math.abs(inside.top - around.top) < 9) return;
  const gap = Math.max(8, (around.height - inside.height) / 2);
  list.scrollTop += inside.top - around.top - gap;
}

function listOf(element: Element): Element | null {
  let list = element.parentElement;
  while (list && (list.scrollHeight <= list.clientHeight + 1 || getComputedStyle(list).overflowY === "visible")) {
    list = list.parentElement;
  }
  return list === document.documentElement || list === document.body ? null : list;
}
