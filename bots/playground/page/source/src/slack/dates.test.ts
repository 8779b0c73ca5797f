import assert from "node:assert/strict";
import { test } from "node:test";
import { dated, dateOf, dayOf, fully, ordinal, timeOf, type Watch } from "./dates";

const at = (text: string) => Date.parse(text) / 1000;
const BERLIN: Watch = { now: at("2026-11-26T12:00:00+01:00"), zone: "Europe/Berlin" };
const TOKYO: Watch = { ...BERLIN, zone: "Asia/Tokyo" };

test("each token is written as Slack writes it", () => {
  const then = at("2026-11-03T18:39:42+01:00");
  const written = {
    "{date_num}": "2026-11-03",
    "{date_slash}": "03/11/2026",
    "{date}": "November 3rd",
    "{date_short}": "Nov 3, 2026",
    "{date_long}": "Tuesday, November 3rd, 2026",
    "{date_long_full}": "November 3, 2026",
    "{date_pretty}": "November 3rd",
    "{date_short_pretty}": "Nov 3, 2026",
    "{date_long_pretty}": "Tuesday, November 3rd, 2026",
    "{day_divider_pretty}": "Tuesday, November 3rd",
    "{time}": "6:39 PM",
    "{time_secs}": "6:39:42 PM",
    "{ago}": "22 days ago",
    "Posted {date_num} {time_secs}": "Posted 2026-11-03 6:39:42 PM",
    "no token": "no token",
  };

  for (const [template, expected] of Object.entries(written)) assert.equal(dated(then, template, BERLIN), expected);
});

test("days that are near are called by their name, with a capital where the text begins", () => {
  const near = [
    ["2026-11-25T00:00:00+01:00", "Yesterday"],
    ["2026-11-26T00:00:00+01:00", "Today"],
    ["2026-11-26T23:59:59+01:00", "Today"],
    ["2026-11-27T23:59:59+01:00", "Tomorrow"],
    ["2026-11-28T00:00:00+01:00", "Nov 28, 2026"],
    ["2026-11-24T23:59:59+01:00", "Nov 24, 2026"],
  ] as const;

  for (const [instant, expected] of near) assert.equal(dated(at(instant), "{date_short_pretty}", BERLIN), expected);
  assert.equal(dated(at("2026-11-27T09:00:00+01:00"), "by {date_pretty} {time}", BERLIN), "by tomorrow 9:00 AM");
});

test("the zone of whoever looks decides which day and hour it is", () => {
  const instant = at("2026-11-26T15:30:00Z");

  assert.equal(dated(instant, "{date_pretty} at {time}", BERLIN), "Today at 4:30 PM");
  assert.equal(dated(instant, "{date_pretty} at {time}", TOKYO), "Tomorrow at 12:30 AM");
  assert.equal(fully(instant, TOKYO), "Friday, November 27th, 2026 at 12:30:00 AM");
  assert.equal(timeOf(instant, TOKYO), "12:30 AM");
});

test("the change of the clocks does not move a day", () => {
  const watch: Watch = { now: at("2026-10-25T00:30:00+02:00"), zone: "Europe/Berlin" };

  assert.equal(dayOf(at("2026-10-25T23:30:00+01:00"), watch), "Today");
  assert.equal(dayOf(at("2026-10-26T00:30:00+01:00"), watch), "Tomorrow");
});

test("a day begins at midnight of each zone", () => {
  for (const zone of ["Asia/Kathmandu", "Australia/Eucla", "America/St_Johns", "Europe/Berlin"]) {
    for (let at = BERLIN.now; at < BERLIN.now + 86_400; at += 600) {
      assert.equal(dateOf(at, zone), dated(at, "{date_num}", { now: at, zone }));
    }
  }
});

test("the year is left out within half a year, and over a stretch of messages within the year", () => {
  assert.equal(dated(at("2025-03-01T12:00:00Z"), "{date}", BERLIN), "March 1st, 2025");
  assert.equal(dated(at("2027-01-27T12:00:00Z"), "{date}", BERLIN), "January 27th");
  assert.equal(dayOf(at("2025-12-31T12:00:00Z"), BERLIN), "Wednesday, December 31st, 2025");
  assert.equal(dayOf(at("2026-01-01T12:00:00Z"), BERLIN), "Thursday, January 1st");
});

test("{ago} counts both ways", () => {
  const counted = [
    [-30, "30 seconds ago"],
    [-60, "1 minute ago"],
    [-4 * 3600, "4 hours ago"],
    [-3 * 86_400, "3 days ago"],
    [7200, "in 2 hours"],
  ] as const;

  for (const [seconds, expected] of counted) assert.equal(dated(BERLIN.now + seconds, "{ago}", BERLIN), expected);
});

test("what Slack would not understand is left to the fallback", () => {
  for (const template of ["{datum}", "{constructor}", "{day_divider}"]) {
    assert.equal(dated(at("2026-11-26T12:00:00Z"), template, BERLIN), null);
  }
  assert.equal(dated(Number.NaN, "{date}", BERLIN), null);
  assert.equal(dated(1e15, "{date}", BERLIN), null);
});

test("ordinals end as they are spoken", () => {
  assert.deepEqual(["1", "2", "3", "4", "11", "12", "13", "21", "22", "30"].map(ordinal), [
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "30th",
  ]);
});
