// What a composer offers while somebody types: commands after a slash, people after an @.

import type { SlackPaneState } from "./shapes";

export interface Suggestion {
  key: string;
  /** What takes the place of what was typed. */
  insert: string;
  title: string;
  hint: string;
  about: string;
  user?: string;
}

export interface Offer {
  kind: "command" | "person";
  /** Where what would be replaced begins. */
  from: number;
  suggestions: Suggestion[];
}

type Known = Pick<SlackPaneState, "commands" | "users" | "people">;

/** For a text with the cursor at `at`; null where there is nothing to offer. Threads know no commands. */
export function offered(text: string, at: number, known: Known, inThread: boolean): Offer | null {
  const before = text.slice(0, at);
  const slash = inThread ? null : /^\/\S*$/.exec(before);
  if (slash) return offer("command", 0, commands(before, known));
  const person = /(?:^|[\s(])@([\w.-]*)$/.exec(before);
  if (!person) return null;
  return offer("person", at - (person[1]?.length ?? 0) - 1, people(person[1] ?? "", known));
}

function offer(kind: Offer["kind"], from: number, suggestions: Suggestion[]): Offer | null {
  return suggestions.length > 0 ? { kind, from, suggestions } : null;
}

function commands(typed: string, { commands }: Known): Suggestion[] {
  return commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, hint, description }) => ({
      key: command,
      insert: `${command} `,
      title: command,
      hint,
      about: description,
    }));
}

function people(typed: string, { users, people }: Known): Suggestion[] {
  const wanted = typed.toLowerCase();
  const found = Object.entries(users).filter(([, user]) => user.name.toLowerCase().startsWith(wanted));
  // The app comes first: nobody else in this Slack answers.
  found.sort(([, one], [, other]) => Number(other.is_bot) - Number(one.is_bot));
  return found.map(([id, user]) => ({
    key: id,
    insert: `@${user.name} `,
    title: user.name,
    hint: user.is_bot ? "APP" : "",
    about: people.find((person) => person.id === id)?.role ?? "",
    user: id,
  }));
}

export function completed(text: string, at: number, offer: Offer, chosen: Suggestion): { text: string; at: number } {
  const head = text.slice(0, offer.from) + chosen.insert;
  return { text: head + text.slice(at).replace(/^ /, ""), at: head.length };
}

/** A mark on both sides of what is selected, or taken off if it is there; a fence gets lines of its own. */
export function marked(
  text: string,
  from: number,
  to: number,
  mark: string,
): { text: string; from: number; to: number } {
  const before = text.slice(0, from);
  const inside = text.slice(from, to);
  const after = text.slice(to);
  if (before.endsWith(mark) && after.startsWith(mark)) {
    const start = from - mark.length;
    return {
      text: before.slice(0, -mark.length) + inside + after.slice(mark.length),
      from: start,
      to: start + inside.length,
    };
  }
  return { text: before + mark + inside + mark + after, from: from + mark.length, to: to + mark.length };
}
