import assert from "node:assert/strict";
import { test } from "node:test";
import { pressOf, replyRows } from "./keyboards";

test("a button does the one thing that it carries", () => {
  assert.deepEqual(pressOf({ text: "Reply", callback_data: "v1:reply" }), { kind: "callback", data: "v1:reply" });
  assert.deepEqual(pressOf({ text: "Open", url: "https://a.example/" }), { kind: "url", url: "https://a.example/" });
  assert.deepEqual(pressOf({ text: "Open", url: "a.example" }), { kind: "url", url: "http://a.example" });
  assert.deepEqual(pressOf({ text: "Copy", copy_text: { text: "x" } }), { kind: "copy", text: "x" });
  assert.deepEqual(pressOf({ text: "Find", switch_inline_query_current_chat: "" }), { kind: "inline", query: "" });
  assert.deepEqual(pressOf({ text: "Off", disabled: true }), { kind: "disabled" });
});

test("a button that nobody can press is named, and not made one that can", () => {
  assert.deepEqual(pressOf({ text: "Pay", pay: true }), { kind: "unknown", name: "pay" });
  assert.deepEqual(pressOf({ text: "Bare", style: "danger" }), { kind: "unknown", name: "nothing" });
  assert.deepEqual(pressOf({ text: "Run", url: "javascript:alert(1)" }), {
    kind: "unknown",
    name: "url javascript:alert(1)",
  });
});

test("a reply keyboard's keys may be words alone", () => {
  assert.deepEqual(replyRows({ keyboard: [["Yes", { text: "No" }], [{ text: "Later" }]] }), [["Yes", "No"], ["Later"]]);
});
