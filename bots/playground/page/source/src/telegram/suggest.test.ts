import assert from "node:assert/strict";
import { test } from "node:test";
import { asking, replyKeyboard } from "./drafts";
import type { Message } from "./shapes";
import { asked, commandText, offered } from "./suggest";

const away = { command: "away", description: "Go away" };
const back = { command: "back", description: "Come back" };

test("a slash alone at the start asks for commands, and a space ends it", () => {
  assert.deepEqual(asked("/", "bell_bot"), { kind: "command", begun: "" });
  assert.deepEqual(asked("/AW", "bell_bot"), { kind: "command", begun: "aw" });
  assert.equal(asked("/away 2h", "bell_bot"), null);
  assert.equal(asked("and/or", "bell_bot"), null);
});

test("the bot's name and a space ask it, whatever case it is written in; another's name does not", () => {
  assert.deepEqual(asked("@Bell_Bot thank\nyou", "bell_bot"), { kind: "inline", query: "thank\nyou" });
  assert.deepEqual(asked("@bell_bot ", "bell_bot"), { kind: "inline", query: "" });
  assert.equal(asked("@bell_bot", "bell_bot"), null);
  assert.equal(asked("@other_bot thanks", "bell_bot"), null);
});

test("commands are offered by how they begin, and carry the bot's name in a group", () => {
  assert.deepEqual(offered([away, back], "a"), [away]);
  assert.deepEqual(offered([away, back], ""), [away, back]);
  assert.equal(commandText(away, "bell_bot", true), "/away");
  assert.equal(commandText(away, "bell_bot", false), "/away@bell_bot");
});

const message = (id: number, more: Partial<Message>): Message => ({
  message_id: id,
  date: 0,
  chat: { id: 1, type: "private" },
  ...more,
});

test("the newest question opens a reply until it was answered", () => {
  const first = message(1, { asks: true });
  const second = message(2, { asks: true });

  assert.equal(asking([first, second])?.message_id, 2);
  assert.equal(asking([first, second, message(3, { mine: true, reply_to_message: first })])?.message_id, 2);
  assert.equal(asking([first, second, message(3, { mine: true, reply_to_message: second })]), null);
  assert.equal(asking([message(1, { asks: true, deleted: true })]), null);
});

test("the newest reply keyboard stands", () => {
  const keyboard = { keyboard: [["Yes"]] };

  assert.equal(
    replyKeyboard([message(1, { keyboard: { keyboard: [["No"]] } }), message(2, { keyboard }), message(3, {})]),
    keyboard,
  );
  assert.equal(replyKeyboard([message(1, {})]), null);
});
