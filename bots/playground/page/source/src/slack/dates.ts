// Instants as Slack writes them: in the zone of whoever looks, with the clock of twelve hours that it begins with.

import { tableOf } from "./table-of";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Watch {
  /** Seconds since 1970. */
  readonly now: number;
  readonly zone: string;
}

/** An instant taken apart on the wall of a zone. */
interface Day {
  readonly at: number;
  readonly year: string;
  readonly month: string;
  readonly monthShort: string;
  readonly monthNumber: string;
  readonly date: string;
  readonly weekday: string;
  readonly watch: Watch;
}

// What `{…}` may stand for: docs.slack.dev/reference/block-kit/block-elements/date-element, November 2026.
const TOKENS = tableOf<(day: Day) => string>({
  date: (day) => `${day.month} ${ordinal(day.date)}${yearUnlessNear(day)}`,
  date_num: (day) => `${day.year}-${day.monthNumber}-${day.date.padStart(2, "0")}`,
  date_slash: (day) => `${day.date.padStart(2, "0")}/${day.monthNumber}/${day.year}`,
  date_short: (day) => `${day.monthShort} ${day.date}, ${day.year}`,
  date_long: (day) => `${day.weekday}, ${day.month} ${ordinal(day.date)}, ${day.year}`,
  date_long_full: (day) => `${day.month} ${day.date}, ${day.year}`,
  day_divider: (day) => `${day.weekday}, ${day.month} ${ordinal(day.date)}${isThisYear(day) ? "" : `, ${day.year}`}`,
  time: (day) => clock(day.at, day.watch.zone, false),
  time_secs: (day) => clock(day.at, day.watch.zone, true),
  ago: (day) => ago(day.at, day.watch.now),
});

/** A template such as `{date_short_pretty} at {time}` filled in; null if Slack would show the fallback instead. */
export function dated(at: number, template: string, watch: Watch): string | null {
  const day = taken(at, watch);
  if (day === null) return null;
  let known = true;
  const filled = template.replace(/\{([a-z_]+)\}/g, (whole, name: string, start: number) => {
    const plainly = name.endsWith("_pretty") ? name.slice(0, -"_pretty".length) : name;
    const token = TOKENS.get(plainly);
    if (!token || (plainly === "day_divider" && plainly === name)) {
      known = false;
      return whole;
    }
    const near = plainly === name ? "" : nearby(day);
    // "Today" at the beginning, "today" within a sentence.
    return near ? (start === 0 ? capital(near) : near) : token(day);
  });
  return known ? filled : null;
}

const QUARTER = 15 * MINUTE;
const days = new Map<string, string>();

/** Which day it is on the wall of a zone, `2026-11-26`; quick, since all zones differ by quarters of an hour. */
export function dateOf(at: number, zone: string): string {
  const key = `${Math.floor(at / QUARTER)} ${zone}`;
  const known = days.get(key);
  if (known !== undefined) return known;
  const found = dated(at, "{date_num}", { now: at, zone }) ?? "";
  days.set(key, found);
  return found;
}

/** The day over a stretch of messages: Today, Yesterday, Tuesday, November 24th. */
export function dayOf(at: number, watch: Watch): string {
  return dated(at, "{day_divider_pretty}", watch) ?? "";
}

export function timeOf(at: number, watch: Watch): string {
  return dated(at, "{time}", watch) ?? "";
}

/** In full, for whoever points at a time. */
export function fully(at: number, watch: Watch): string {
  return dated(at, "{date_long} at {time_secs}", watch) ?? "";
}

function taken(at: number, watch: Watch): Day | null {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e12) return null;
  const long = pieces(at, { zone: watch.zone, month: "long" });
  const short = pieces(at, { zone: watch.zone, month: "short" });
  const number = pieces(at, { zone: watch.zone, month: "2-digit" });
  return {
    at,
    watch,
    year: long.year ?? "",
    month: long.month ?? "",
    monthShort: short.month ?? "",
    monthNumber: number.month ?? "",
    date: long.day ?? "",
    weekday: long.weekday ?? "",
  };
}

function pieces(at: number, how: { zone: string; month: "long" | "short" | "2-digit" }): Record<string, string> {
  const parts = formatter(how.zone, how.month).formatToParts(at * 1000);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

// Dear to make, and a page of messages asks for hundreds.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, how: "long" | "short" | "2-digit" | "time" | "seconds"): Intl.DateTimeFormat {
  const key = `${zone} ${how}`;
  const known = formatters.get(key);
  if (known) return known;
  const timed: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit", hour12: true };
  const options: Intl.DateTimeFormatOptions =
    how === "time"
      ? timed
      : how === "seconds"
        ? { ...timed, second: "2-digit" }
        : { weekday: "long", year: "numeric", month: how, day: "numeric" };
  const made = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
  formatters.set(key, made);
  return made;
}

function clock(at: number, zone: string, seconds: boolean): string {
  // Newer tables of locales put a narrow space before AM; a search for what is shown should find it.
  return formatter(zone, seconds ? "seconds" : "time")
    .format(at * 1000)
    .replace(/\u202f/g, " ");
}

function nearby(day: Day): string {
  const here = noon(day);
  const today = noon(taken(day.watch.now, day.watch));
  const days = Math.round((here - today) / (DAY * 1000));
  return days === 0 ? "today" : days === -1 ? "yesterday" : days === 1 ? "tomorrow" : "";
}

/** A day as a number that differs by a day's milliseconds from its neighbours', whatever the clocks do. */
function noon(day: Day | null): number {
  return day === null ? Number.NaN : Date.UTC(Number(day.year), Number(day.monthNumber) - 1, Number(day.date), 12);
}

function isThisYear(day: Day): boolean {
  return taken(day.watch.now, day.watch)?.year === day.year;
}

/** Slack leaves the year out within half a year. */
function yearUnlessNear(day: Day): string {
  return Math.abs(day.at - day.watch.now) < 182 * DAY ? "" : `, ${day.year}`;
}

function ago(at: number, now: number): string {
  const since = now - at;
  const far = Math.abs(since);
  const [count, unit] =
    far < MINUTE
      ? [Math.floor(far), "second"]
      : far < HOUR
        ? [Math.floor(far / MINUTE), "minute"]
        : far < DAY
          ? [Math.floor(far / HOUR), "hour"]
          : [Math.floor(far / DAY), "day"];
  const said = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return since < 0 ? `in ${said}` : `${said} ago`;
}

export function ordinal(date: string): string {
  const number = Number(date);
  const teens = number % 100 >= 11 && number % 100 <= 13;
  const ending = teens ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
