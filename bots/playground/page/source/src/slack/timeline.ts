// Messages and what failed, in the order of their time, parted by days and joined where one person goes on.

import { dayOf, type Watch } from "./dates";
import type { Failure, SlackMessage } from "./shapes";

const GOES_ON_SECONDS = 5 * 60;

export type Line =
  | { readonly kind: "day"; readonly key: string; readonly day: string }
  | { readonly kind: "message"; readonly key: string; readonly message: SlackMessage; readonly follows: boolean }
  | { readonly kind: "failure"; readonly key: string; readonly failure: Failure };

export function timeline(messages: readonly SlackMessage[], failures: readonly Failure[], watch: Watch): Line[] {
  const since = Number(messages[0]?.ts ?? 0);
  const late = failures.filter((failure) => failure.at >= since);
  const lines: Line[] = [];
  let last: SlackMessage | null = null;
  let day = "";
  for (const message of messages) {
    const at = Number(message.ts);
    while (late[0] && late[0].at < at) lines.push(failed(late.shift() as Failure));
    const today = dayOf(at, watch);
    if (today !== day) lines.push({ kind: "day", key: `day ${message.ts}`, day: today });
    const follows = today === day && lines.at(-1)?.kind === "message" && last !== null && goesOn(last, message);
    lines.push({ kind: "message", key: message.ts, message, follows });
    last = message;
    day = today;
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
