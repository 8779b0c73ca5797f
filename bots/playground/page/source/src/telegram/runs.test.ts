import assert from "node:assert/strict";
import { test } from "node:test";
import { hueOf, initials, paged, placed } from "./runs";
import type { Message } from "./shapes";

const NOON = Date.UTC(2026, 10, 26, 12) / 1000;
const chat = { id: 1, type: "private" };
const said = (id: number, from: number, date: number, more: Partial<Message> = {}): Message => ({
  message_id: id,
  chat,
  date,
  from: { id: from, first_name: `P${from}` },
  text: "x",
  ...more,
});
const marks = (messages: Message[], zone = "UTC") =>
  placed(messages, zone).map((one) =>
    [one.newDay && "day", one.first && "first", one.last && "last"].filter(Boolean).join(" "),
  );

test("what one person says in one breath stands together", () => {
  assert.deepEqual(marks([said(1, 7, NOON), said(2, 7, NOON + 60), said(3, 7, NOON + 61), said(4, 8, NOON + 62)]), [
    "day first",
    "",
    "last",
    "first last",
  ]);
});

test("a long silence, a day and a service message part what one person says", () => {
  const service = { forum_topic_closed: {} };

  assert.deepEqual(marks([said(1, 7, NOON), said(2, 7, NOON + 3600)]), ["day first last", "first last"]);
  assert.deepEqual(marks([said(1, 7, NOON + 43190), said(2, 7, NOON + 43210)]), ["day first last", "day first last"]);
  assert.deepEqual(marks([said(1, 7, NOON), said(2, 7, NOON, service), said(3, 7, NOON)]), [
    "day first last",
    "first last",
    "first last",
  ]);
});

test("days are those of the viewer's zone", () => {
  const around = [said(1, 7, NOON + 10 * 3600), said(2, 7, NOON + 10 * 3600 + 60)];

  assert.deepEqual(marks(around, "UTC"), ["day first", "last"]);
  assert.deepEqual(marks([said(1, 7, NOON + 2 * 3600 + 3590), said(2, 7, NOON + 3 * 3600 + 5)], "Asia/Tokyo"), [
    "day first last",
    "day first last",
  ]);
});

test("pages stay the same objects while other messages come before and after them", () => {
  const all = Array.from({ length: 350 }, (_, at) => said(at + 1, 7, NOON + at));
  const some = paged(placed(all.slice(100, 310), "UTC"), []);

  const more = paged(placed(all, "UTC"), some);

  assert.deepEqual(
    more.map((page) => [page.key, page.lines.length]),
    [
      [0, 99],
      [1, 100],
      [2, 100],
      [3, 51],
    ],
  );
  assert.equal(more[2], some[1]);
  assert.notEqual(more[3], some[2]);
});

test("a page with a message that changed is another", () => {
  const all = [said(1, 7, NOON), said(2, 7, NOON)];
  const before = paged(placed(all, "UTC"), []);

  const [page] = paged(placed([said(1, 7, NOON), all[1] as Message], "UTC"), before);

  assert.notEqual(page, before[0]);
});

test("a person's colour goes by their id, and a picture of them by their name", () => {
  assert.equal(hueOf(7), "red");
  assert.equal(hueOf(-9), "violet");
  assert.deepEqual(["Eve", "Bell team", "🔔 Shop", " "].map(initials), ["E", "BT", "🔔S", ""]);
});
