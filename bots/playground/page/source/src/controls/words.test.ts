import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rate, Standing } from "../shapes";
import { counted, forecast, measure, percent, verdict } from "./words";

const rate = (more: Partial<Rate> = {}): Rate => ({
  percent: 94.4,
  met: 17,
  missed: 1,
  band: "green",
  since: "2026-11-26T10:00:00Z",
  covered: true,
  enough: true,
  fallback: false,
  ...more,
});
const standing = (more: Partial<Standing> = {}): Standing => ({
  of: "inbox",
  policy: "fiverr",
  threshold: 90,
  window: { days: 60, min_sample: 0 },
  rate: rate(),
  affordable_misses: 2,
  answers_to_recover: null,
  at_risk: [],
  more_at_risk: false,
  stricter: [],
  ...more,
});

test("a rate without messages has no number", () => {
  assert.equal(percent(null), "no data");
  assert.equal(percent(89.9), "89.9 %");
  assert.equal(counted(rate({ met: 0, missed: 0 })), "nothing has counted yet");
  assert.equal(counted(rate()), "17 of 18 answered in time");
});

test("a rate says how far back it looks and how many it needs", () => {
  assert.equal(measure(standing()), "window 60 days; no minimum sample");
  assert.match(
    measure(standing({ window: { days: 1, min_sample: 10 }, rate: rate({ covered: false, enough: false }) })),
    /^window a day, known since Thu 26 Nov, ..:00; at least 10 messages, not reached yet$/,
  );
  assert.equal(
    measure(standing({ rate: rate({ fallback: true }) })),
    "window 60 days, here the newest; no minimum sample",
  );
});

test("the forecast says what may be missed, or what brings it back", () => {
  const risk = [{ buyer: "Ann", due: null, percent_together: 89.4 }];

  assert.deepEqual(forecast(standing()), ["2 more can be missed before it is below 90 %."]);
  assert.deepEqual(forecast(standing({ affordable_misses: 0, at_risk: risk })), [
    "One more miss takes it below 90 %.",
    "1 waits; if it is missed: 89.4 %.",
  ]);
  assert.deepEqual(forecast(standing({ rate: rate({ percent: 50 }), answers_to_recover: 8 })), [
    "Below 90 %: 8 answers in time bring it back.",
  ]);
  assert.deepEqual(forecast(standing({ rate: rate({ percent: null }) })), []);
});

test("a verdict says why, or by how much", () => {
  const entry = {
    obligation: "1",
    buyer: "Ann",
    kind: "inbox",
    received: "",
    due: null,
    answered: null,
    by: null,
  } as const;

  assert.equal(verdict({ ...entry, verdict: "excluded", reason: "no_answer_needed" }), "left out: no answer needed");
  assert.equal(verdict({ ...entry, verdict: "pending", reason: null }), "waits");
  assert.equal(
    verdict({ ...entry, verdict: "late", reason: null, due: "2026-11-26T10:00:00Z", answered: "2026-11-26T12:00:00Z" }),
    "late by 2 h",
  );
});
