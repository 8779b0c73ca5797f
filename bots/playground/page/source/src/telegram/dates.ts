// Instants as Telegram's apps show them: `date_time` entities, times of bubbles, days between them.

export interface Viewer {
  zone: string;
  /** Milliseconds since 1970, by the page's clock. */
  now: number;
}

// 24 hours and days before months, as most of the world reads them; Telegram takes the reader's own settings.
const LOCALE = "en-GB";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const TO_THE_SECOND: Intl.DateTimeFormatOptions = {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  timeZoneName: "short",
};

type Unit = "second" | "minute" | "hour" | "day" | "month" | "year";

const UNITS: [Unit, number][] = [
  ["year", 365 * DAY],
  ["month", 30 * DAY],
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
];

/**
 * What stands in place of an entity's own words: `r` counts, `w` weekday, `d`/`D` date, `t`/`T` time.
 * Null where the words stay: no format. Undefined for a format that does not exist.
 */
export function dateTime(unix: number, format: string, viewer: Viewer): string | null | undefined {
  if (format === "") return null;
  if (/^[rR]$/.test(format)) return relative(unix, viewer.now);
  if (!/^[tTdDwW]+$/.test(format)) return undefined;
  const at = new Date(unix * SECOND);
  const has = (letters: RegExp) => letters.test(format);
  const year =
    yearOf(at, viewer.zone) === yearOf(new Date(viewer.now), viewer.zone) ? {} : { year: "numeric" as const };
  // Part by part: how Intl joins them changes from one release to the next.
  const parts: Intl.DateTimeFormatOptions[] = [];
  if (has(/[wW]/)) parts.push({ weekday: has(/D/) || !has(/[dtT]/) ? "long" : "short" });
  if (has(/D/)) parts.push({ day: "numeric", month: "long", year: "numeric" });
  else if (has(/d/)) parts.push({ day: "numeric", month: "short", ...year });
  const day = parts.map((part) => written(at, viewer.zone, part)).join(" ");
  const time = has(/T/) ? written(at, viewer.zone, TO_THE_SECOND) : has(/t/) ? clockTime(unix, viewer.zone) : "";
  return [day, time].filter(Boolean).join(", ");
}

export function relative(unix: number, now: number): string {
  const away = unix * SECOND - now;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? ["second", SECOND];
  const count = Math.trunc(away / size);
  if (count === 0) return "now";
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" }).format(count, unit);
}

/** "14:05", as it stands in the corner of a bubble. */
export function clockTime(unix: number, zone: string): string {
  return written(new Date(unix * SECOND), zone, { hour: "2-digit", minute: "2-digit" });
}

/** All of an instant, for who asks: "Thursday 26 November 2026, 14:05:09 CET". */
export function whole(unix: number, zone: string): string {
  return dateTime(unix, "wDT", { zone, now: 0 }) ?? "";
}

const days = new Map<string, string>();
const SLOT = 900; // seconds: every zone's midnight falls on a quarter of an hour

/** The day an instant falls on in a zone: a key, "2026-11-26". */
export function dayOf(unix: number, zone: string): string {
  const slot = `${zone} ${Math.floor(unix / SLOT)}`;
  const known = days.get(slot);
  if (known !== undefined) return known;
  const day = written(new Date(unix * SECOND), zone, { dateStyle: "short" }, "en-CA");
  days.set(slot, day);
  return day;
}

/** What stands between two days: "Today", "Yesterday", "24 November". */
export function dayNamed(unix: number, viewer: Viewer): string {
  const day = dayOf(unix, viewer.zone);
  if (day === dayOf(viewer.now / SECOND, viewer.zone)) return "Today";
  if (day === dayOf(viewer.now / SECOND - DAY / SECOND, viewer.zone)) return "Yesterday";
  const at = new Date(unix * SECOND);
  const sameYear = yearOf(at, viewer.zone) === yearOf(new Date(viewer.now), viewer.zone);
  return written(at, viewer.zone, { day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" as const }) });
}

// To make one takes longer than to use it a hundred times, and a long history asks for thousands.
const formatters = new Map<string, Intl.DateTimeFormat>();

function written(at: Date, zone: string, options: Intl.DateTimeFormatOptions, locale = LOCALE): string {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    const hours = options.hour ? { hourCycle: "h23" as const } : {};
    formatter = new Intl.DateTimeFormat(locale, { timeZone: zone, ...hours, ...options });
    formatters.set(key, formatter);
  }
  return formatter.format(at);
}

function yearOf(at: Date, zone: string): string {
  return written(at, zone, { year: "numeric" });
}
