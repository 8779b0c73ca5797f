// A list that opens over the pane beside what was pressed: of things to do, or of options to pick from.

import { type ComponentChildren, Fragment, type RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";

const SEARCHED_FROM = 8; // options from which a list has a field to search it

export interface Item {
  key: string;
  label: ComponentChildren;
  /** What a search looks at, and a typed letter jumps by. */
  words: string;
  group?: string;
  picked?: boolean;
  danger?: boolean;
  url?: string;
}

type Kind = "menu" | "options" | "several";

interface MenuProps {
  /** What opens it; drawn inside the button. */
  face: ComponentChildren;
  label: string;
  class: string;
  items: readonly Item[];
  /** A list of options tells which are picked; several can be, and then it stays open. */
  kind?: Kind;
  disabled?: boolean;
  describedBy?: string | undefined;
  id?: string | undefined;
  choose: (key: string) => void;
}

export function Menu({ kind = "menu", items, choose, ...face }: MenuProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState("");
  const found = items.filter((item) => item.words.toLowerCase().includes(search.toLowerCase()));
  usePlaced(open, opener, list);

  const close = () => {
    list.current?.hidePopover();
    opener.current?.focus();
  };
  const pick = (key: string) => {
    if (kind !== "several") close();
    choose(key);
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        id={face.id}
        class={face.class}
        disabled={face.disabled}
        aria-label={face.label}
        aria-describedby={face.describedBy}
        aria-haspopup={kind === "menu" ? "menu" : "listbox"}
        aria-expanded={open}
        popovertarget={id}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !open) {
            event.preventDefault();
            list.current?.showPopover();
          }
        }}
      >
        {face.face}
      </button>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys go to the entries within */}
      <div
        ref={list}
        id={id}
        class="menu"
        popover="auto"
        onToggle={(event) => {
          setOpen(event.newState === "open");
          if (event.newState === "closed") setSearch("");
        }}
        onKeyDown={(event) => walk(event, list.current, close)}
      >
        {items.length >= SEARCHED_FROM && (
          <input
            type="search"
            aria-label={`Search ${face.label}`}
            placeholder="Search…"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        )}
        {open && <List {...{ kind, found, pick, label: face.label }} />}
      </div>
    </>
  );
}

interface ListProps {
  kind: Kind;
  label: string;
  found: readonly Item[];
  pick: (key: string) => void;
}

function List({ kind, label, found, pick }: ListProps) {
  const Entry = kind === "menu" ? MenuItem : OptionItem;
  const entries = found.map((item, index) => (
    <Fragment key={item.key}>
      {item.group && item.group !== found[index - 1]?.group && <p class="group">{item.group}</p>}
      <Entry item={item} pick={pick} />
    </Fragment>
  ));
  if (entries.length === 0) return <p class="nothing">No results</p>;
  if (kind === "menu") {
    return (
      <div role="menu" aria-label={label}>
        {entries}
      </div>
    );
  }
  return (
    <div role="listbox" aria-label={label} aria-multiselectable={kind === "several"}>
      {entries}
    </div>
  );
}

interface EntryProps {
  item: Item;
  pick: (key: string) => void;
}

function MenuItem({ item, pick }: EntryProps) {
  const shared = { role: "menuitem", tabIndex: -1, onClick: () => pick(item.key) } as const;
  if (item.url) {
    return (
      <a {...shared} href={item.url} target="_blank" rel="noopener noreferrer">
        {item.label}
      </a>
    );
  }
  return (
    <button {...shared} type="button" class={item.danger ? "danger" : undefined}>
      {item.label}
    </button>
  );
}

function OptionItem({ item, pick }: EntryProps) {
  return (
    <button
      type="button"
      role="option"
      tabIndex={-1}
      aria-selected={item.picked === true}
      onClick={() => pick(item.key)}
    >
      <span class="tick">{item.picked ? "✓" : ""}</span>
      <span>{item.label}</span>
    </button>
  );
}

const ENTRIES = '[role="menuitem"], [role="option"]';

/** The keyboard's way through a list: arrows, ends, and letters where no field takes them. */
function walk(event: KeyboardEvent, list: HTMLElement | null, close: () => void): void {
  const entries = Array.from(list?.querySelectorAll<HTMLElement>(ENTRIES) ?? []);
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const typing = document.activeElement instanceof HTMLInputElement;
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 };
  const to = typing && event.key !== "ArrowDown" ? undefined : steps[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation(); // it closes the list, not the form around it
    close();
  } else if (to !== undefined) {
    event.preventDefault();
    entries[Math.max(0, Math.min(to, entries.length - 1))]?.focus();
  } else if (event.key === "Enter" && typing) {
    event.preventDefault();
    entries[0]?.click();
  } else if (!typing && event.key.length === 1 && event.key !== " ") {
    const after = [...entries.slice(at + 1), ...entries.slice(0, at + 1)];
    after
      .find((entry) => entry.textContent?.replace("✓", "").trim().toLowerCase().startsWith(event.key.toLowerCase()))
      ?.focus();
  }
}

const MARGIN = 8;

/** Beside its opener, within the window; the first entry, or the one that is picked, has the keyboard. */
function usePlaced(open: boolean, opener: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const box = list.current;
    const from = opener.current?.getBoundingClientRect();
    if (!open || !box || !from) return;
    const { width, height } = box.getBoundingClientRect();
    const pane = opener.current?.closest(".slack")?.getBoundingClientRect();
    const right = Math.min(pane?.right ?? window.innerWidth, window.innerWidth) - MARGIN;
    const below = from.bottom + 4;
    const fits = below + height < window.innerHeight - MARGIN;
    box.style.left = `${Math.max(MARGIN, Math.min(from.left, right - width))}px`;
    box.style.top = `${fits ? below : Math.max(MARGIN, from.top - height - 4)}px`;
    box.style.minWidth = `${Math.min(from.width, 400)}px`;
  }, [open]);
  useEffect(() => {
    if (!open) return;
    const first = list.current?.querySelector<HTMLElement>(`input, [aria-selected="true"]`);
    (first ?? list.current?.querySelector<HTMLElement>(ENTRIES))?.focus();
  }, [open]);
}
