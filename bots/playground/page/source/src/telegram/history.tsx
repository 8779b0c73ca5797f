// The messages of a chat or topic: the newest at the bottom, older ones fetched as one scrolls up to them.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bubble, senderOf } from "./bubble";
import { dayNamed } from "./dates";
import { Icon } from "./icons";
import { type Page, type Placed, paged, placed } from "./runs";
import { excerpt, serviceWords } from "./services";
import type { Message } from "./shapes";
import { useEverySecond, useViewing } from "./viewing";

const NEAR = 60; // pixels from the end that still count as there
const PATIENCE = 3000; // milliseconds before older messages are asked for once more
const SOON = 600; // pixels from the top at which older messages are asked for

interface HistoryProps {
  messages: Message[];
  older: boolean;
  askOlder: () => void;
  named: boolean;
  title: string;
  /** What a key does with the message that has the focus. */
  onKey: (message: Message, event: KeyboardEvent) => void;
}

export function History({ messages, older, askOlder, named, title, onKey }: HistoryProps) {
  const { zone } = useViewing();
  const box = useRef<HTMLElement>(null);
  const pages = useRef<Page[]>([]);
  pages.current = useMemo(() => paged(placed(messages, zone), pages.current), [messages, zone]);
  const { atEnd, onScroll, toEnd } = usePlace(box, messages, older, askOlder);
  useKeptFocus(box);
  const unseen = useUnseen(messages, atEnd);
  const onKeyDown = (event: KeyboardEvent) => {
    const item = (event.target as Element).closest<HTMLElement>("li[data-message]");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") walk(box.current, item, event);
    const message = item && messages.find((one) => String(one.message_id) === item.dataset.message);
    if (message) onKey(message, event);
  };
  return (
    <div class="tg-history">
      <section
        ref={box}
        class="tg-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label={`Messages with ${title}`}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="tg-pages">
          {older && <p class="tg-older">Loading older messages…</p>}
          {pages.current.map((page) => (
            <OnePage key={page.key} page={page} named={named} />
          ))}
        </div>
      </section>
      {!atEnd && (
        <button type="button" class="tg-to-end" onClick={toEnd}>
          <Icon name="down" />
          <span class="tg-unseen">To the newest message</span>
          {unseen > 0 && <span class="tg-badge">{unseen}</span>}
        </button>
      )}
      <Announced messages={messages} />
    </div>
  );
}

const USUAL_HEIGHT = 92; // pixels of a message, until it was measured

function OnePage({ page, named }: { page: Page; named: boolean }) {
  return useMemo(
    () => (
      <ol style={{ containIntrinsicBlockSize: `auto ${page.lines.length * USUAL_HEIGHT}px` }}>
        {page.lines.map((line) => (
          <Line key={line.message.message_id} line={line} named={named} />
        ))}
      </ol>
    ),
    [page, named],
  );
}

function Line({ line, named }: { line: Placed; named: boolean }) {
  const { message, newDay, first, last } = line;
  return (
    <li data-message={message.message_id} tabIndex={-1} class={first ? "first" : ""}>
      {newDay && <Day unix={message.date} />}
      <Bubble message={message} first={first} last={last} named={named} />
    </li>
  );
}

function Day({ unix }: { unix: number }) {
  const { zone, ahead } = useViewing();
  const named = useEverySecond(() => dayNamed(unix, { zone, now: Date.now() + ahead }));
  return <p class="tg-day">{named}</p>;
}

/** Stays at the end when one is there, and where one reads when one is not, whatever comes in above or below. */
function usePlace(
  scrolled: { current: HTMLElement | null },
  messages: Message[],
  older: boolean,
  askOlder: () => void,
) {
  const [atEnd, setAtEnd] = useState(true);
  const anchor = useRef<{ message: string; top: number } | null>(null);
  const asked = useRef({ first: 0, at: 0 });
  const first = messages[0]?.message_id ?? 0;
  const stays = useRef(true);
  const before = useRef(0);
  const newest = messages.at(-1);
  const spoken = useRef(newest?.message_id ?? 0);
  const toEnd = () => {
    const box = scrolled.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  const onScroll = () => {
    const box = scrolled.current;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // What comes into view may turn out higher than was thought: only who goes up leaves the end.
    stays.current = near || (stays.current && box.scrollTop >= before.current);
    before.current = box.scrollTop;
    if (stays.current && !near) toEnd();
    setAtEnd(stays.current);
    anchor.current = firstSeen(box);
    const waiting = asked.current.first === first && Date.now() - asked.current.at < PATIENCE;
    if (older && box.scrollTop < SOON && !waiting) {
      asked.current = { first, at: Date.now() };
      askOlder();
    }
  };
  useLayoutEffect(() => {
    const box = scrolled.current;
    if (!box) return;
    // What one says oneself is looked at.
    if (newest?.mine && newest.message_id > spoken.current) stays.current = true;
    spoken.current = Math.max(spoken.current, newest?.message_id ?? 0);
    if (stays.current) toEnd();
    else if (anchor.current) {
      const item = box.querySelector<HTMLElement>(`[data-message="${anchor.current.message}"]`);
      if (item) box.scrollTop += topOf(item, box) - anchor.current.top;
    }
  }, [messages]);
  useEffect(() => {
    // A picture that arrives, a bar above the input that opens: the end stays the end.
    const box = scrolled.current;
    if (!box) return;
    const watcher = new ResizeObserver(() => stays.current && toEnd());
    watcher.observe(box);
    if (box.firstElementChild) watcher.observe(box.firstElementChild);
    return () => watcher.disconnect();
  }, []);
  useEffect(onScroll, [first, older]);
  return { atEnd, onScroll, toEnd };
}

function topOf(item: Element, box: Element): number {
  return item.getBoundingClientRect().top - box.getBoundingClientRect().top;
}

/** The message at the upper edge, and where it stands. */
function firstSeen(box: HTMLElement): { message: string; top: number } | null {
  const { left, top, height } = box.getBoundingClientRect();
  for (let down = 2; down < height; down += 24) {
    const item = document.elementFromPoint(left + 4, top + down)?.closest<HTMLElement>("li[data-message]");
    if (item && box.contains(item)) return { message: item.dataset.message ?? "", top: topOf(item, box) };
  }
  return null;
}

/** A redraw can take away the button that had the focus; its message has it then. */
function useKeptFocus(scrolled: { current: HTMLElement | null }): void {
  const held = useRef<string | null>(null);
  useEffect(() => {
    const box = scrolled.current;
    const hold = (event: FocusEvent) => {
      held.current = (event.target as Element).closest<HTMLElement>("li[data-message]")?.dataset.message ?? null;
    };
    const release = (event: FocusEvent) => {
      if (event.relatedTarget !== null) held.current = null;
    };
    box?.addEventListener("focusin", hold);
    box?.addEventListener("focusout", release);
    return () => {
      box?.removeEventListener("focusin", hold);
      box?.removeEventListener("focusout", release);
    };
  }, []);
  useLayoutEffect(() => {
    if (held.current === null || document.activeElement !== document.body) return;
    scrolled.current?.querySelector<HTMLElement>(`[data-message="${held.current}"]`)?.focus({ preventScroll: true });
  });
}

/** How many messages came since the end was last in view. */
function useUnseen(messages: Message[], atEnd: boolean): number {
  const newest = messages.at(-1)?.message_id ?? 0;
  const seen = useRef(newest);
  if (atEnd) seen.current = newest;
  return messages.filter((message) => message.message_id > seen.current && !message.mine).length;
}

function walk(box: HTMLElement | null, from: HTMLElement | null, event: KeyboardEvent): void {
  const items = [...(box?.querySelectorAll<HTMLElement>("li[data-message]") ?? [])];
  const at = from ? items.indexOf(from) : items.length;
  const next = items[at + (event.key === "ArrowUp" ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** What is new, said once to who does not see it; nothing of what was there already. */
function Announced({ messages }: { messages: Message[] }) {
  const newest = useRef(messages.at(-1)?.message_id ?? 0);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const fresh = messages.filter((message) => message.message_id > newest.current && !message.mine);
    newest.current = Math.max(newest.current, messages.at(-1)?.message_id ?? 0);
    const last = fresh.at(-1);
    if (!last) return;
    const more = fresh.length > 1 ? `${fresh.length} new messages. ` : "";
    setSaid(`${more}${senderOf(last).first_name}: ${serviceWords(last) ?? excerpt(last, 200)}`);
  }, [messages]);
  return (
    <p class="tg-unseen" role="status">
      {said}
    </p>
  );
}
