// The messages of a chat or topic: the newest at the bottom, older ones fetched as one scrolls up to them.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Bubble, senderOf } from "./bubble";
import { dayNamed } from "./dates";
import { Icon } from "./icons";
import { type Placed, placed } from "./runs";
import { excerpt, serviceWords } from "./services";
import type { Message } from "./shapes";
import { useEverySecond, useViewing } from "./viewing";

const NEAR = 60; // pixels from the end that still count as there
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
  const list = useRef<HTMLOListElement>(null);
  const lines = useMemo(() => placed(messages, zone), [messages, zone]);
  const { atEnd, onScroll, toEnd } = usePlace(list, messages, older, askOlder);
  useKeptFocus(list);
  const unseen = useUnseen(messages, atEnd);
  const onKeyDown = (event: KeyboardEvent) => {
    const item = (event.target as Element).closest<HTMLElement>("li[data-message]");
    if (event.key === "ArrowUp" || event.key === "ArrowDown") walk(list.current, item, event);
    const message = item && messages.find((one) => String(one.message_id) === item.dataset.message);
    if (message) onKey(message, event);
  };
  return (
    <div class="tg-history">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by the keyboard */}
      <ol ref={list} tabIndex={0} aria-label={`Messages with ${title}`} onScroll={onScroll} onKeyDown={onKeyDown}>
        {older && <li class="tg-older">Loading older messages…</li>}
        {lines.map((line) => (
          <Line key={line.message.message_id} line={line} named={named} />
        ))}
      </ol>
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
  list: { current: HTMLOListElement | null },
  messages: Message[],
  older: boolean,
  askOlder: () => void,
) {
  const [atEnd, setAtEnd] = useState(true);
  const anchor = useRef<{ message: string; top: number } | null>(null);
  const asked = useRef<number | null>(null);
  const first = messages[0]?.message_id ?? null;
  const stays = useRef(true);
  const before = useRef(0);
  const toEnd = () => {
    const box = list.current;
    if (box) box.scrollTop = box.scrollHeight;
  };
  const onScroll = () => {
    const box = list.current;
    if (!box) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    // What comes into view may turn out higher than was thought: only who goes up leaves the end.
    stays.current = near || (stays.current && box.scrollTop >= before.current);
    before.current = box.scrollTop;
    if (stays.current && !near) toEnd();
    setAtEnd(stays.current);
    anchor.current = firstSeen(box);
    if (older && box.scrollTop < SOON && asked.current !== first) {
      asked.current = first;
      askOlder();
    }
  };
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    if (stays.current) toEnd();
    else if (anchor.current) {
      const item = box.querySelector<HTMLElement>(`[data-message="${anchor.current.message}"]`);
      if (item) box.scrollTop += item.offsetTop - box.scrollTop - anchor.current.top;
    }
  }, [messages]);
  useEffect(() => {
    // A picture that arrives, a bar above the input that opens: the end stays the end.
    const box = list.current;
    if (!box) return;
    const watcher = new ResizeObserver(() => stays.current && toEnd());
    watcher.observe(box);
    for (const item of box.children) watcher.observe(item);
    return () => watcher.disconnect();
  }, [messages]);
  useEffect(onScroll, [first, older]);
  return { atEnd, onScroll, toEnd };
}

function firstSeen(box: HTMLElement): { message: string; top: number } | null {
  for (const item of box.querySelectorAll<HTMLElement>("li[data-message]")) {
    const top = item.offsetTop - box.scrollTop;
    if (top + item.offsetHeight > 0) return { message: item.dataset.message ?? "", top };
  }
  return null;
}

/** A redraw can take away the button that had the focus; its message has it then. */
function useKeptFocus(list: { current: HTMLOListElement | null }): void {
  const held = useRef<string | null>(null);
  useEffect(() => {
    const box = list.current;
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
    list.current?.querySelector<HTMLElement>(`[data-message="${held.current}"]`)?.focus({ preventScroll: true });
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
