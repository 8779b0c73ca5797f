import assert from "node:assert/strict";
import { test } from "node:test";
import type { Drawn } from "./drawn";
import { markdown } from "./markdown";

const text = (words: string): Drawn => ({ kind: "text", text: words });

test("a markdown block has headings, lists, quotes, code and rules", () => {
  const parts = markdown("# Head\n\ntwo\nlines\n- a\n- b\n1. c\n> q\n---\n```py\n*x*\n```");

  assert.deepEqual(parts, [
    { kind: "heading", inside: [text("Head")] },
    { kind: "paragraph", inside: [text("two\nlines")] },
    { kind: "list", ordered: false, items: [[text("a")], [text("b")], [text("c")]] },
    { kind: "quote", inside: [text("q")] },
    { kind: "rule" },
    { kind: "code", text: "*x*" },
  ]);
});

test("it formats as Markdown does, not as mrkdwn does", () => {
  const [part] = markdown("**b** *i* ~~s~~ `c` [l](https://a.example) \\*no\\* a_b_c");

  assert.deepEqual(part?.kind === "paragraph" && part.inside, [
    { kind: "bold", inside: [text("b")] },
    text(" "),
    { kind: "italic", inside: [text("i")] },
    text(" "),
    { kind: "strike", inside: [text("s")] },
    text(" "),
    { kind: "code", inside: [text("c")] },
    text(" "),
    { kind: "link", url: "https://a.example", inside: [text("l")] },
    text(" "),
    text("*"),
    text("no"),
    text("*"),
    text(" a_b_c"),
  ]);
});

test("a link that no browser should open stays words", () => {
  assert.deepEqual(markdown("[x](javascript:alert)"), [{ kind: "paragraph", inside: [text("[x](javascript:alert)")] }]);
});
