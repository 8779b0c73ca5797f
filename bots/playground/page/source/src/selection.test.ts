import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, NOTHING, toHash, toQuery } from "./selection";

test("what is selected survives the way through the address", () => {
  const chosen = { ...NOTHING, slack: { user: "U1", thread: "17.000200" }, telegram: { chat: "-100 5&x" } };

  assert.deepEqual(fromHash(toHash(chosen)), chosen);
});

test("an address that says nothing, or nonsense, selects nothing", () => {
  assert.deepEqual(fromHash(""), NOTHING);
  assert.deepEqual(fromHash("#slack.nonsense=1&other=2&slack.user="), NOTHING);
  assert.equal(toHash(NOTHING), "");
});

test("a door is asked for what is selected, and for nothing else", () => {
  assert.equal(toQuery({ user: "U1", channel: "" }, { before: "17.1" }), "?user=U1&before=17.1");
  assert.equal(toQuery({}), "");
});
