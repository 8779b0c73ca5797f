import assert from "node:assert/strict";
import { test } from "node:test";
import type { Failure, SlackMessage } from "./shapes";
import { pages, timeline } from "./timeline";

const NOON = Date.parse("2026-11-26T12:00:00Z") / 1000;
const WATCH = { now: NOON, zone: "Europe/Berlin" };

function said(seconds: number, user = "U1", more: Partial<SlackMessage> = {}): SlackMessage {
  return { ts: (NOON + seconds).toFixed(6), user, text: "Hi", ...more };
}

function drawn(messages: SlackMessage[], failures: Failure[] = []): string[] {
  const lines = pages(messages, failures).flatMap((page) => timeline(page, WATCH));
  return lines.map((line) => {
    if (line.kind === "day") return line.day;
    if (line.kind === "failure") return line.failure.shown;
    return `${line.message.user}${line.follows ? " goes on" : ""}`;
  });
}

test("a day stands over its messages, in the zone of whoever looks", () => {
  const late = Date.parse("2026-11-25T22:59:00Z") / 1000 - NOON;

  assert.deepEqual(drawn([said(late), said(late + 120)]), ["Yesterday", "U1", "Today", "U1"]);
});

test("somebody who goes on within five minutes is not named again", () => {
  assert.deepEqual(drawn([said(0), said(60), said(500), said(510, "U2")]), ["Today", "U1", "U1 goes on", "U1", "U2"]);
});

test("after a thread, and around what only one person sees, everybody is named", () => {
  const parted = [said(0, "U1", { reply_count: 2 }), said(1), said(2, "U1", { only_for: "U9" }), said(3)];

  assert.deepEqual(drawn(parted), ["Today", "U1", "U1", "U1", "U1"]);
});

test("what holds blocks has its name and picture always", () => {
  assert.deepEqual(drawn([said(0), said(1, "U1", { blocks: [{ type: "divider" }] })]), ["Today", "U1", "U1"]);
});

test("a failure stands where it happened, unless that is above what is shown", () => {
  const failures = [-50, 30, 90].map((at) => ({ doing: "/shopbell help", shown: `${at}`, at: NOON + at }));

  assert.deepEqual(drawn([said(0), said(60)], failures), ["Today", "U1", "30", "U1", "90"]);
  assert.deepEqual(drawn([said(0)], [{ doing: "click do:reply:0", shown: "button", at: NOON + 1 }]), ["Today", "U1"]);
});

test("a page goes on where the one before it ended, and stays as it is when older ones come", () => {
  const all = Array.from({ length: 250 }, (_, index) => said(index / 100));
  const kept = pages(all.slice(100), []);

  assert.deepEqual(drawn(all), ["Today", "U1", ...Array.from({ length: 249 }, () => "U1 goes on")]);
  assert.deepEqual(
    pages(all, [])
      .slice(1)
      .map((page) => page.messages),
    kept.map((page) => page.messages),
  );
});
