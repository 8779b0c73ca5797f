import assert from "node:assert/strict";
import { test } from "node:test";
import type { Element, Option } from "./shapes";
import { initial, kept, optionsOf } from "./values";

const option = (value: string): Option => ({ text: { type: "plain_text", text: value.toUpperCase() }, value });

test("an element that nobody touched holds what the app put into it", () => {
  const held: [Element, unknown][] = [
    [{ type: "plain_text_input" }, null],
    [{ type: "plain_text_input", initial_value: "Hi" }, "Hi"],
    [{ type: "static_select", options: [option("a")], initial_option: option("a") }, "a"],
    [{ type: "checkboxes", options: [option("a"), option("b")], initial_options: [option("b")] }, ["b"]],
    [{ type: "checkboxes", options: [option("a")] }, []],
    [{ type: "multi_users_select", initial_users: ["U1"] }, ["U1"]],
    [{ type: "datepicker", initial_date: "2026-11-26" }, "2026-11-26"],
    [{ type: "datetimepicker", initial_date_time: 1_792_734_382 }, 1_792_734_382],
  ];

  for (const [element, expected] of held) assert.deepEqual(initial(element), expected);
});

test("what Slack keeps of a form is read back as a hand takes it", () => {
  assert.equal(kept({ type: "plain_text_input", value: "Hi" }), "Hi");
  assert.equal(kept({ type: "plain_text_input", value: null }), null);
  assert.equal(kept({ type: "static_select", selected_option: option("a") }), "a");
  assert.deepEqual(kept({ type: "checkboxes", selected_options: [option("a"), option("b")] }), ["a", "b"]);
  assert.equal(kept({ type: "datetimepicker", selected_date_time: 5 }), 5);
  assert.deepEqual(kept({ type: "file_input", files: [{ id: "F1", name: "a.png", size: 5 }] }), [
    { id: "F1", name: "a.png", size: 5 },
  ]);
  assert.deepEqual(kept({ type: "file_input", files: null }), []);
  assert.equal(kept(undefined), undefined);
});

test("options in groups are options too", () => {
  const grouped = { type: "static_select", option_groups: [{ label: option("g").text, options: [option("a")] }] };

  assert.deepEqual(
    optionsOf(grouped).map((each) => each.value),
    ["a"],
  );
});
