import assert from "node:assert/strict";
import { test } from "node:test";
import { clockTime, dateTime, dayNamed, dayOf, relative, whole } from "./dates";

// Thursday, 26 November 2026, 13:05:09 UTC.
const AT = Date.UTC(2026, 10, 26, 13, 5, 9) / 1000;
const paris = { zone: "Europe/Paris", now: AT * 1000 };
const format = (form: string, viewer = paris) => dateTime(AT, form, viewer);

test("each format says what Telegram says it says, in the viewer's zone", () => {
  const said = Object.fromEntries(
    ["t", "T", "d", "D", "w", "W", "wd", "wdt", "wDT", "dt", "wt"].map((f) => [f, format(f)]),
  );

  assert.deepEqual(said, {
    t: "14:05",
    T: "14:05:09 CET",
    d: "26 Nov",
    D: "26 November 2026",
    w: "Thursday",
    W: "Thursday",
    wd: "Thu 26 Nov",
    wdt: "Thu 26 Nov, 14:05",
    wDT: "Thursday 26 November 2026, 14:05:09 CET",
    dt: "26 Nov, 14:05",
    wt: "Thu, 14:05",
  });
});

test("the order of the letters changes nothing", () => {
  assert.equal(format("tdw"), format("wdt"));
});

test("another zone sees another hour, and another day where it is one", () => {
  assert.equal(format("wdt", { ...paris, zone: "Asia/Tokyo" }), "Thu 26 Nov, 22:05");
  assert.equal(format("wdt", { ...paris, zone: "Pacific/Auckland" }), "Fri 27 Nov, 02:05");
});

test("midnight is 00, not 24", () => {
  assert.equal(clockTime(Date.UTC(2026, 10, 26, 0, 7) / 1000, "UTC"), "00:07");
});

test("a date of another year says the year", () => {
  const later = { ...paris, now: Date.UTC(2027, 0, 2) };

  assert.equal(dateTime(AT, "wd", later), "Thu 26 Nov 2026");
});

test("without a format the words stay, and a wrong one is no format", () => {
  assert.equal(format(""), null);
  assert.equal(format("x"), undefined);
  assert.equal(format("rt"), undefined);
});

test("a relative one counts by the page's clock, in the largest unit that is full", () => {
  const away = (seconds: number) => relative(AT, (AT - seconds) * 1000);

  assert.equal(away(0), "now");
  assert.equal(away(1), "in 1 second");
  assert.equal(away(59), "in 59 seconds");
  assert.equal(away(60), "in 1 minute");
  assert.equal(away(3599), "in 59 minutes");
  assert.equal(away(23 * 3600 + 1800), "in 23 hours");
  assert.equal(away(3 * 86400), "in 3 days");
  assert.equal(away(70 * 86400), "in 2 months");
  assert.equal(away(-90), "1 minute ago");
  assert.equal(away(-3 * 365 * 86400), "3 years ago");
  assert.equal(format("r"), "now");
  assert.equal(format("R"), "now");
});

test("days begin at midnight where the viewer is, and are called as people call them", () => {
  const viewer = { zone: "Asia/Tokyo", now: Date.UTC(2026, 10, 26, 16) };

  assert.equal(dayOf(AT, "Asia/Tokyo"), "2026-11-26");
  assert.equal(dayNamed(AT, viewer), "Yesterday");
  assert.equal(dayNamed(AT, paris), "Today");
  assert.equal(dayNamed(AT - 5 * 86400, paris), "21 November");
  assert.equal(dayNamed(AT - 400 * 86400, paris), "22 October 2025");
});

test("an instant in full names its zone", () => {
  assert.equal(whole(AT, "Europe/Paris"), "Thursday 26 November 2026, 14:05:09 CET");
});
