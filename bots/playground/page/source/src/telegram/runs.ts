// Messages as they stand under one another: days apart, and what one person says in one breath together.

import { dayOf } from "./dates";
import { serviceWords } from "./services";
import type { Message } from "./shapes";

const BREATH = 15 * 60; // seconds; what comes later stands apart, as in the apps

export interface Placed {
  message: Message;
  /** The first of its day. */
  newDay: boolean;
  /** The first, and the last, of what one person said in one breath: the first has the name, the last the tail. */
  first: boolean;
  last: boolean;
}

export function placed(messages: readonly Message[], zone: string): Placed[] {
  const days = messages.map((message) => dayOf(message.date, zone));
  const joins = messages.map((message, at) => {
    const before = messages[at - 1];
    return before !== undefined && days[at] === days[at - 1] && oneBreath(before, message);
  });
  return messages.map((message, at) => ({
    message,
    newDay: days[at] !== days[at - 1],
    first: !joins[at],
    last: !joins[at + 1],
  }));
}

const PAGE = 100;

export interface Page {
  key: number;
  lines: Placed[];
}

/** In pages by their ids, so that what comes before or after leaves the pages between as they are. */
export function paged(lines: readonly Placed[], before: readonly Page[]): Page[] {
  const known = new Map(before.map((page) => [page.key, page]));
  const pages: Page[] = [];
  for (const line of lines) {
    const key = Math.floor(line.message.message_id / PAGE);
    const last = pages.at(-1);
    if (last?.key === key) last.lines.push(line);
    else pages.push({ key, lines: [line] });
  }
  return pages.map((page) => {
    const same = known.get(page.key);
    return same && alike(same.lines, page.lines) ? same : page;
  });
}

function alike(some: readonly Placed[], others: readonly Placed[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at];
      return (
        one.message === other?.message &&
        one.newDay === other.newDay &&
        one.first === other.first &&
        one.last === other.last
      );
    })
  );
}

function oneBreath(before: Message, after: Message): boolean {
  if (serviceWords(before) !== null || serviceWords(after) !== null) return false;
  return senderOf(before) === senderOf(after) && after.date - before.date < BREATH;
}

function senderOf(message: Message): number | undefined {
  return message.sender_chat?.id ?? message.from?.id;
}

// By the rest of an id divided by seven, as Telegram does it.
const HUES = ["red", "orange", "violet", "green", "sea", "blue", "pink"] as const;

export type Hue = (typeof HUES)[number];

export function hueOf(id: number): Hue {
  return HUES[Math.abs(id) % HUES.length] ?? "blue";
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
