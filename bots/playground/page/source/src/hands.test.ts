import assert from "node:assert/strict";
import { test } from "node:test";
import { refusalIn } from "./hands";

test("an event that Shopbell refused is a problem, with its reason", () => {
  const invalid = { status: 422, body: { detail: "A message has a text." } };

  assert.equal(refusalIn(invalid), "Shopbell did not take it (422): A message has a text.");
  assert.equal(refusalIn({ status: 503, body: "down" }), "Shopbell did not take it (503).");
});

test("anything else is none", () => {
  assert.equal(refusalIn({ status: 202, body: {} }), null);
  assert.equal(refusalIn({ result: { errors: {} } }), null);
});
