// Times in words. The page's own are said in the reader's zone, a buyer's in the buyer's.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `Thu 26 Nov, 19:05`. */
export function dayAndTime(at: number, zone?: string): string {
  const written = new Intl.DateTimeFormat("en-GB", {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    ...(zone && { timeZone: zone }),
  });
  const { weekday, day, month, hour, minute } = partsOf(written, at);
  return `${weekday} ${day} ${month}, ${hour}:${minute}`;
}

/** `19:05`, with the day where it is not today's. */
export function timeOrDay(at: number, now: number, zone?: string): string {
  const whole = dayAndTime(at, zone);
  const [day, time] = whole.split(", ");
  return dayAndTime(now, zone).startsWith(`${day},`) ? String(time) : whole;
}

/** `19:05:09`. */
export function toTheSecond(at: number): string {
  const written = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const { hour, minute, second } = partsOf(written, at);
  return `${hour}:${minute}:${second}`;
}

function partsOf(format: Intl.DateTimeFormat, at: number): Record<string, string> {
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The two largest units: `2 days 4 h`, `3 h 20 min`, `8 min`; under a minute `now`. */
export function span(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const words = days
    ? [`${days} ${days === 1 ? "day" : "days"}`, hours && `${hours} h`]
    : [hours && `${hours} h`, minutes && `${minutes} min`];
  return words.filter(Boolean).join(" ") || "less than a minute";
}

/** As a watch shows it: `23:12:05`, with days before it; a deadline that is over counts up after a minus. */
export function countdown(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86_400);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const watch = parts.map((part) => String(part).padStart(2, "0")).join(":");
  return `${milliseconds < 0 ? "−" : ""}${days ? `${days} d ` : ""}${watch}`;
}
