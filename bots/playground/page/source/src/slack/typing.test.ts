import assert from "node:assert/strict";
import { test } from "node:test";
import { instant, wall } from "./typing";

test("an instant that is typed on a wall stands there again", () => {
  for (const zone of ["Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"]) {
    for (const typed of ["2026-11-26T14:30", "2026-03-29T09:05", "2026-10-25T12:00", "2027-01-01T00:00"]) {
      const at = instant(typed, zone);
      assert.ok(at !== null);
      assert.equal(wall(at, zone), typed, zone);
    }
  }
  assert.equal(instant("2026-11-26T14:30", "Europe/Berlin"), Date.parse("2026-11-26T13:30:00Z") / 1000);
  assert.equal(instant("", "Europe/Berlin"), null);
});
