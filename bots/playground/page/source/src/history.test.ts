import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "./history";

const talk = (chat: number, ids: number[], older: boolean) => ({
  chat,
  messages: ids.map((message_id) => ({ message_id })),
  older,
});

test("what was fetched before the newest hundred stays before them", () => {
  const both = joined(talk(1, [1, 2, 3, 4], false), talk(1, [3, 4, 5], true));

  assert.deepEqual(both, talk(1, [1, 2, 3, 4, 5], false));
});

test("a gap, or another chat, begins anew", () => {
  assert.deepEqual(joined(talk(1, [1, 2], false), talk(1, [7, 8], true)), talk(1, [7, 8], true));
  assert.deepEqual(joined(talk(2, [1, 2], false), talk(1, [2, 3], true)), talk(1, [2, 3], true));
  assert.deepEqual(joined(talk(1, [1, 2], false), talk(1, [], false)), talk(1, [], false));
});
