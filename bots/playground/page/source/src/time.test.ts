import assert from "node:assert/strict";
import { test } from "node:test";
import { countdown, dayAndTime, span, timeOrDay } from "./time";

const AT = Date.parse("2026-11-26T23:30:00Z");

test("a time is said in the zone of whoever it concerns", () => {
  assert.equal(dayAndTime(AT, "Europe/Paris"), "Fri 27 Nov, 00:30");
  assert.equal(dayAndTime(AT, "Asia/Tokyo"), "Fri 27 Nov, 08:30");
  assert.equal(dayAndTime(AT, "UTC"), "Thu 26 Nov, 23:30");
});

test("the day is left out where it is today's", () => {
  assert.equal(timeOrDay(AT, AT + 60_000, "UTC"), "23:30");
  assert.equal(timeOrDay(AT, AT + 3_600_000, "UTC"), "Thu 26 Nov, 23:30");
});

test("a span is said by its two largest units", () => {
  assert.equal(span(61 * 86_400_000), "61 days");
  assert.equal(span(86_400_000 + 4 * 3_600_000 + 59_000), "1 day 4 h");
  assert.equal(span(3_600_000 + 20 * 60_000), "1 h 20 min");
  assert.equal(span(59_999), "less than a minute");
});

test("a countdown goes on below nothing", () => {
  assert.equal(countdown(23 * 3_600_000 + 12 * 60_000 + 5_900), "23:12:05");
  assert.equal(countdown(3 * 86_400_000 + 1_000), "3 d 00:00:01");
  assert.equal(countdown(-61_000), "−00:01:01");
});
