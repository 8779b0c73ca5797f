import assert from "node:assert/strict";
import { test } from "node:test";
import { canEdit, excerpt, serviceWords, undrawable } from "./services";
import type { Message } from "./shapes";

const message = (more: Partial<Message>): Message => ({
  message_id: 5,
  date: 1_800_000_000,
  chat: { id: 1, type: "private" },
  from: { id: 7, first_name: "Eve" },
  ...more,
});

test("what happened in a chat is said in a sentence", () => {
  const eve = { id: 7, first_name: "Eve" };
  const max = { id: 8, first_name: "Max" };

  assert.equal(serviceWords(message({ new_chat_members: [max] })), "Eve added Max");
  assert.equal(serviceWords(message({ new_chat_members: [eve] })), "Eve joined the group");
  assert.equal(serviceWords(message({ left_chat_member: eve })), "Eve left the group");
  assert.equal(serviceWords(message({ forum_topic_created: { name: "Ann" } })), "Eve created the topic “Ann”");
  assert.equal(serviceWords(message({ forum_topic_closed: {} })), "Eve closed the topic");
  assert.equal(serviceWords(message({ pinned_message: message({ text: "Card" }) })), "Eve pinned “Card”");
  assert.equal(serviceWords(message({ text: "hello" })), null);
});

test("what no part of the page draws is named, never passed over", () => {
  assert.equal(undrawable(message({ poll: { question: "?" } })), "poll");
  assert.equal(undrawable(message({ text: "hello", story: {} })), "story");
  assert.equal(undrawable(message({})), "an empty message");
});

test("all that Shopbell and people send is drawn", () => {
  const file = { file_id: "a" };
  const photo = [{ ...file, width: 90, height: 90 }];

  assert.equal(undrawable(message({ text: "hello", entities: [], edit_date: 1, mine: true, reactions: [] })), null);
  assert.equal(undrawable(message({ photo, caption: "x", caption_entities: [] })), null);
  assert.equal(undrawable(message({ document: file })), null);
  assert.equal(undrawable(message({ forum_topic_closed: {} })), null);
});

test("one's own words can be edited, and nobody else's or what a bot found", () => {
  assert.equal(canEdit(message({ text: "x", mine: true })), true);
  assert.equal(canEdit(message({ text: "x" })), false);
  assert.equal(canEdit(message({ text: "x", mine: true, via_bot: { id: 1, first_name: "Bell" } })), false);
  assert.equal(canEdit(message({ mine: true, document: { file_id: "a" } })), false);
});

test("a line of a message says its kind, and is cut between two characters", () => {
  assert.equal(excerpt(message({ text: " two\n lines " })), "two lines");
  assert.equal(excerpt(message({ photo: [{ file_id: "a", width: 1, height: 1 }], caption: "a cat" })), "🖼 Photo a cat");
  assert.equal(excerpt(message({ document: { file_id: "a", file_name: "bill.pdf" } })), "📎 bill.pdf");
  assert.equal(excerpt(message({ text: "🔔🔔🔔" }), 2), "🔔🔔…");
});
