import assert from "node:assert/strict";
import { test } from "node:test";
import { spotOf } from "./permalinks";

const BASE = "https://playground.slack.com/archives/C6C0D476C11/p1795664887032937";

test("the address of a message names its place", () => {
  const card = { channel: "C6C0D476C11", ts: "1795664887.032937", inThread: false };

  assert.deepEqual(spotOf(BASE), card);
  assert.deepEqual(spotOf(`${BASE}?thread_ts=1795664887.032937&cid=C6C0D476C11`), card);
  assert.deepEqual(spotOf(`${BASE}?cid=C1&thread_ts=1795664800.000100`), {
    channel: "C6C0D476C11",
    ts: "1795664800.000100",
    inThread: true,
  });
});

test("every other address leads elsewhere", () => {
  for (const url of [
    "https://a.example/archives/C1/p1795664887032937",
    "https://x.slack.com/archives/C1",
    "mailto:a@b.example",
  ]) {
    assert.equal(spotOf(url), null);
  }
});
