// A dialog over the pane: it has the keyboard until it is closed, and gives it back to where it came from.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useKeptFocus } from "./focus";

interface DialogProps {
  labelledBy: string;
  describedBy?: string;
  class?: string;
  /** The id of the view that it shows. */
  view?: string;
  close: () => void;
  children: ComponentChildren;
}

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select, [tabindex="0"]';

export function Dialog({ labelledBy, describedBy, close, children, ...more }: DialogProps) {
  const box = useRef<HTMLDivElement>(null);
  useBorrowedFocus(box);
  useKeptFocus(box, FIELD);
  useLayoutEffect(() => {
    // A form may come with its fields after it has opened.
    if (document.activeElement === box.current) box.current?.querySelector<HTMLElement>(FIELD)?.focus();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      stayWithin(event, box.current);
    }
  };
  return (
    <div class="veil">
      <div
        ref={box}
        class={more.class ? `dialog ${more.class}` : "dialog"}
        role="dialog"
        aria-modal="true"
        data-view={more.view}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </div>
  );
}

const FIELD = ".body :is(input, textarea)";

function stayWithin(event: KeyboardEvent, box: HTMLElement | null): void {
  const all = Array.from(box?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? []).filter(
    (one) => one.offsetParent !== null,
  );
  const first = all[0];
  const last = all.at(-1);
  const here = document.activeElement;
  if (event.shiftKey && (here === first || here === box)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && here === last) {
    event.preventDefault();
    first?.focus();
  }
}

/** Takes the keyboard only from its own pane: somebody who types in another one goes on there. */
function useBorrowedFocus(box: { readonly current: HTMLElement | null }): void {
  const lender = useRef<Element | null>(null);
  useLayoutEffect(() => {
    const pane = box.current?.closest(".slack");
    const here = document.activeElement;
    if (here !== null && here !== document.body && !pane?.contains(here)) return;
    lender.current = here;
    const wanted = box.current?.querySelector<HTMLElement>("[data-first]");
    const field = wanted ?? box.current?.querySelector<HTMLElement>(FIELD);
    (field ?? box.current)?.focus();
  }, []);
  useEffect(() => {
    const pane = box.current?.closest(".slack");
    return () => {
      // What lent it may have been drawn anew meanwhile.
      const back = lender.current?.isConnected
        ? (lender.current as HTMLElement)
        : pane?.querySelector<HTMLElement>(".scroll");
      if (lender.current) queueMicrotask(() => back?.focus());
    };
  }, []);
}
