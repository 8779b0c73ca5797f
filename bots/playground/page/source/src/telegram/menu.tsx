// A menu that opens beside what was pressed: its keys, its place, and the focus that goes back.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  onPick: () => void;
}

interface MenuProps {
  label: string;
  beside: Element;
  items: MenuItem[];
  onClose: () => void;
  children?: ComponentChildren;
}

export function Menu({ label, beside, items, onClose, children }: MenuProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current) settle(box.current, beside);
  }, [beside]);
  useEffect(() => {
    const menu = box.current;
    buttons(menu)[0]?.focus();
    const elsewhere = (event: Event) => {
      if (!menu?.contains(event.target as Node)) onClose();
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => {
      document.removeEventListener("pointerdown", elsewhere);
      if (beside instanceof HTMLElement && beside.isConnected) beside.focus({ preventScroll: true });
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = buttons(box.current);
    const at = all.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (step) all[(at + step + all.length) % all.length]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} class="tg-menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {children}
      {items.map((item) => (
        <button
          type="button"
          role="menuitem"
          key={item.label}
          class={item.danger ? "danger" : ""}
          onClick={() => {
            onClose();
            item.onPick();
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          {item.label}
        </button>
      ))}
    </div>
  );
}

function buttons(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}

/** Under what was pressed, or over it where there is no room, and always within the pane. */
function settle(menu: HTMLElement, beside: Element): void {
  const pane = menu.closest(".telegram")?.getBoundingClientRect();
  if (!pane) return;
  const spot = beside.getBoundingClientRect();
  const below = spot.bottom - pane.top + 4;
  const fits = below + menu.offsetHeight < pane.height;
  const top = fits ? below : Math.max(8, spot.top - pane.top - menu.offsetHeight - 4);
  const left = Math.min(Math.max(8, spot.left - pane.left), pane.width - menu.offsetWidth - 8);
  menu.style.top = `${top}px`;
  menu.style.left = `${left}px`;
}
