import assert from "node:assert/strict";
import { test } from "node:test";
import { toBase64 } from "./files";

test("bytes of any length come out as base64 reads them", () => {
  const bytes = Uint8Array.from({ length: 70_001 }, (_, index) => index % 256);

  assert.deepEqual(Uint8Array.from(Buffer.from(toBase64(bytes), "base64")), bytes);
  assert.equal(toBase64(new Uint8Array()), "");
});
