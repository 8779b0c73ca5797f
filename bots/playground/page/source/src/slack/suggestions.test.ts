import assert from "node:assert/strict";
import { test } from "node:test";
import { completed, marked, offered } from "./suggestions";

const KNOWN = {
  commands: [{ command: "/shopbell", hint: "help", description: "All of it" }],
  users: { U1: { name: "Sam", is_bot: false }, U2: { name: "shopbell", is_bot: true } },
  people: [{ id: "U1", name: "Sam", real_name: "Sam", tz: "Europe/Berlin", role: "owner" }],
};

const names = (text: string, inThread = false) =>
  offered(text, text.length, KNOWN, inThread)?.suggestions.map((one) => one.title) ?? [];

test("a slash at the beginning offers the commands that begin so", () => {
  assert.deepEqual(names("/"), ["/shopbell"]);
  assert.deepEqual(names("/sho"), ["/shopbell"]);
  assert.deepEqual(names("/other"), []);
  assert.deepEqual(names("/shopbell inbox"), []);
  assert.deepEqual(names("and /sho"), []);
});

test("in a thread no command is offered, as Slack takes none there", () => {
  assert.deepEqual(names("/", true), []);
});

test("an @ after a space offers people, the app first", () => {
  assert.deepEqual(names("@"), ["shopbell", "Sam"]);
  assert.deepEqual(names("ask @s", true), ["shopbell", "Sam"]);
  assert.deepEqual(names("ask @SA"), ["Sam"]);
  assert.deepEqual(names("sam@s"), []);
});

test("what is chosen takes the place of what was typed", () => {
  const offer = offered("ask @sho now", 8, KNOWN, true);
  assert.ok(offer?.suggestions[0]);

  assert.deepEqual(completed("ask @sho now", 8, offer, offer.suggestions[0]), { text: "ask @shopbell now", at: 14 });
});

test("a mark goes on both sides of what is selected, and off again", () => {
  const once = marked("so good", 3, 7, "*");

  assert.deepEqual(once, { text: "so *good*", from: 4, to: 8 });
  assert.deepEqual(marked(once.text, once.from, once.to, "*"), { text: "so good", from: 3, to: 7 });
});
