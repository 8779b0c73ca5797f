// What Slack writes in brackets, `<@U1>`, `<!date^…>`, `<https://…|label>`, and what it finds without them.

import type { Drawn } from "./drawn";
import { decoded } from "./entities";

/** What Slack looks for beside its sequences and marks, unless a text object is `verbatim`. */
export interface Loose {
  readonly urls: boolean;
  readonly names: boolean;
}

export const VERBATIM: Loose = { urls: false, names: false };
export const LOOSE: Loose = { urls: true, names: true };

const RANGES = new Set(["here", "channel", "everyone"]);
const DATE = /^date\^(-?\d+)\^([^^]*)(?:\^(.*))?$/;

// Where nothing else is said, Slack makes links of addresses, and names of people and channels into mentions.
const PING = /(?<![\w@.])@(here|channel|everyone)\b/iy;
const NAME = /(?<![\w@.])@([a-z0-9][\w.-]*)/iy;
const CHANNEL = /(?<![\w#&])#([a-z0-9][\w-]*)/iy;
const ADDRESS = /(?<!\w)(?:https?:\/\/|mailto:)[^\s<>|]+/iy;
const MAIL = /(?<![\w.+-])[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}\b/iy;
const SITE =
  /(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|shop|co|de|uk|info|biz|eu|fr|ly|me)\b(?:\/[^\s<>|]*)?/iy;

/** Null for what is none of Slack's: it is shown as it was typed. */
export function sequence(inside: string): Drawn | null {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? "" : decoded(inside.slice(bar + 1));
  if (/^@[UWB][A-Z0-9]+$/.test(target)) return { kind: "person", id: target.slice(1), label };
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return { kind: "channel", id: target.slice(1), label };
  if (target.startsWith("!")) return command(target.slice(1), label);
  const url = decoded(target);
  if (!isLink(url)) return null;
  return { kind: "link", url, inside: [{ kind: "text", text: label || url.replace(/^mailto:/i, "") }] };
}

function command(said: string, label: string): Drawn {
  if (RANGES.has(said)) return { kind: "ping", label: `@${said}` };
  if (said.startsWith("subteam^")) return { kind: "ping", label: label || "@group" };
  const date = DATE.exec(said);
  if (date) {
    const [, at, template = "", url = ""] = date;
    return { kind: "date", at: Number(at), template: decoded(template), url: decoded(url), fallback: label };
  }
  return { kind: "unknown", what: `<!${said}>` };
}

/** Nothing but web and mail addresses is ever made a link. */
export function isLink(url: string): boolean {
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return false;
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

export function bare(text: string, at: number, loose: Loose): { typed: string; drawn: Drawn } | null {
  return (loose.names ? name(text, at) : null) ?? (loose.urls ? address(text, at) : null);
}

function name(text: string, at: number): { typed: string; drawn: Drawn } | null {
  const ping = first(PING, text, at);
  if (ping) return { typed: ping[0], drawn: { kind: "ping", label: ping[0].toLowerCase() } };
  const person = first(NAME, text, at);
  if (person) return { typed: person[0], drawn: { kind: "person", id: "", label: person[1] ?? "" } };
  const channel = first(CHANNEL, text, at);
  return channel ? { typed: channel[0], drawn: { kind: "channel", id: "", label: channel[1] ?? "" } } : null;
}

function address(text: string, at: number): { typed: string; drawn: Drawn } | null {
  for (const [pattern, before] of [
    [ADDRESS, ""],
    [MAIL, "mailto:"],
    [SITE, "http://"],
  ] as const) {
    const typed = first(pattern, text, at)?.[0].replace(/[.,;:!?)'"]+$/, "");
    const url = typed ? before + decoded(typed) : "";
    if (typed && isLink(url)) {
      return { typed, drawn: { kind: "link", url, inside: [{ kind: "text", text: decoded(typed) }] } };
    }
  }
  return null;
}

function first(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
