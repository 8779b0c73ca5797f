// Messages and what failed, in the order of their time, parted by days and joined where one person goes on.

import { dateOf, dayOf, type Watch } from "./dates";
import type { Failure, SlackMessage } from "./shapes";

const GOES_ON_SECONDS = 5 * 60;

export type Line =
  | { readonly kind: "day"; readonly key: string; readonly day: string }
  | { readonly kind: "message"; readonly key: string; readonly message: SlackMessage; readonly follows: boolean }
  | { readonly kind: "failure"; readonly key: string; readonly failure: Failure };

/** One page of messages; `above` is the last one of the page before it. */
export interface Page {
  readonly key: string;
  readonly messages: readonly SlackMessage[];
  readonly above: SlackMessage | undefined;
  readonly failures: readonly Failure[];
}

const WITHIN = /^(?:click|submit|close)\b/; // these say themselves that they failed
const PAGE = 100; // as many as the door gives at once, so that older ones do not shift those that are there

/** Messages in pages that stay the same while newer ones come and older ones are fetched. */
export function pages(messages: readonly SlackMessage[], failures: readonly Failure[]): Page[] {
  const starts = Array.from({ length: Math.max(1, Math.ceil(messages.length / PAGE)) }, (_, index) => index * PAGE);
  return starts.map((start) => {
    const since = Number(messages[start]?.ts ?? 0);
    const until = Number(messages[start + PAGE]?.ts ?? Number.POSITIVE_INFINITY);
    return {
      key: messages[start]?.ts ?? "",
      messages: messages.slice(start, start + PAGE),
      above: messages[start - 1],
      failures: failures.filter(({ doing, at }) => !WITHIN.test(doing) && at >= since && at < until),
    };
  });
}

export function timeline({ messages, above, failures }: Omit<Page, "key">, watch: Watch): Line[] {
  const late = [...failures];
  const lines: Line[] = [];
  let last = above;
  for (const message of messages) {
    const at = Number(message.ts);
    while (late[0] && late[0].at < at) lines.push(failed(late.shift() as Failure));
    const sameDay = last !== undefined && dateOf(Number(last.ts), watch.zone) === dateOf(at, watch.zone);
    if (!sameDay) lines.push({ kind: "day", key: `day ${message.ts}`, day: dayOf(at, watch) });
    const straight = lines.length === 0 || lines.at(-1)?.kind === "message";
    const follows = sameDay && straight && last !== undefined && goesOn(last, message);
    lines.push({ kind: "message", key: message.ts, message, follows });
    last = message;
  }
  return [...lines, ...late.map(failed)];
}

function failed(failure: Failure): Line {
  return { kind: "failure", key: `failure ${failure.at}`, failure };
}

/** Whether the next one needs no name and picture of its own. What holds blocks has them always: it is a card. */
function goesOn(last: SlackMessage, next: SlackMessage): boolean {
  const plain = [last, next].every(isPlain);
  const soon = Number(next.ts) - Number(last.ts) < GOES_ON_SECONDS;
  return plain && soon && last.user === next.user && (last.reply_count ?? 0) === 0;
}

function isPlain(message: SlackMessage): boolean {
  return !message.deleted && !message.only_for && !message.broadcast && (message.blocks ?? []).length === 0;
}
