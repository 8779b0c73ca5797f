import assert from "node:assert/strict";
import { test } from "node:test";
import type { Drawn } from "./drawn";
import { mrkdwn, plainText } from "./mrkdwn";
import { LOOSE } from "./sequences";

/** What is drawn, in a line: formats as tags, the rest with what it leads to. */
function said(drawn: readonly Drawn[]): string {
  return drawn.map(one).join("");
}

function one(piece: Drawn): string {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "link":
      return `[${said(piece.inside)}](${piece.url})`;
    case "emoji":
      return piece.sign;
    case "person":
    case "channel":
      return `{${piece.kind} ${piece.id}|${piece.label}}`;
    case "ping":
      return `{ping ${piece.label}}`;
    case "date":
      return `{date ${piece.at} ${piece.template}|${piece.url}|${piece.fallback}}`;
    case "unknown":
      return `{unknown ${piece.what}}`;
    default:
      return `<${piece.kind}>${said(piece.inside)}</${piece.kind}>`;
  }
}

const drawn = (text: string) => said(mrkdwn(text));
const loosely = (text: string) => said(mrkdwn(text, LOOSE));

function draws(table: Readonly<Record<string, string>>, how: (text: string) => string = drawn): void {
  for (const [text, expected] of Object.entries(table)) assert.equal(how(text), expected, text);
}

/** What the adapter makes of a stranger's words before they leave. */
const escaped = (words: string) => words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

test("bold, italic, strike and code are read between words, on one line", () => {
  draws({
    "*a* _b_ ~c~ `d`": "<bold>a</bold> <italic>b</italic> <strike>c</strike> <code>d</code>",
    "*_a_*": "<bold><italic>a</italic></bold>",
    "(*a*), *b*.": "(<bold>a</bold>), <bold>b</bold>.",
    "2*3*4 a_b_c": "2*3*4 a_b_c",
    "* a* *b *": "* a* *b *",
    "*a\nb*": "*a\nb*",
    "**": "**",
    "``": "``",
    "`*a*`": "<code>*a*</code>",
    "*ä* *日本*": "<bold>ä</bold> <bold>日本</bold>",
    "*Reply by <!date^5^{time}|soon>*": "<bold>Reply by {date 5 {time}||soon}</bold>",
  });
});

test("a fence keeps what is in it as it was typed", () => {
  draws({
    "a\n```\n*b*\n> c\n:bell:\n```\nd": "a<pre>*b*\n> c\n:bell:</pre>d",
    "```x```": "<pre>x</pre>",
    "``````": "``````",
    "```a &lt;b&gt;```": "<pre>a <b></pre>",
    "```open": "```open",
  });
});

test("lines behind a bar are a quote, and three bars quote all that follows", () => {
  draws({
    "> a\n> *b*\nc": "<quote>a\n<bold>b</bold></quote>c",
    "&gt; a": "<quote>a</quote>",
    "a > b": "a > b",
    "a\n>b": "a<quote>b</quote>",
    ">>> a\n\nb": "<quote>a\n\nb</quote>",
    "> &gt;&gt; a\nb": "<quote>>> a</quote>b",
    "> ": "<quote></quote>",
  });
});

test("people, channels, pings, dates and links come from sequences", () => {
  draws({
    "<@U1> <@U1|Sam> <#C1|sales>": "{person U1|} {person U1|Sam} {channel C1|sales}",
    "<!here> <!channel> <!everyone>": "{ping @here} {ping @channel} {ping @everyone}",
    "<!subteam^S1|@team>": "{ping @team}",
    "<!date^1392734382^{date} at {time}^https://a.example/|then>":
      "{date 1392734382 {date} at {time}|https://a.example/|then}",
    "<https://a.example/?b&amp;c|x &lt;y&gt;>": "[x <y>](https://a.example/?b&c)",
    "<mailto:a@b.example>": "[a@b.example](mailto:a@b.example)",
    "<!nothing|known>": "{unknown <!nothing>}",
  });
});

test("only web and mail addresses become links", () => {
  for (const url of [
    "javascript:alert(1)",
    "JAVASCRIPT:x",
    "data:text/html,x",
    "file:///etc/passwd",
    "vbscript:x",
    " https://x",
    "https://",
  ]) {
    assert.equal(drawn(`<${url}|Invoice>`), `<${url}|Invoice>`);
  }
});

test("a short code is drawn if Slack knows it, and not in code", () => {
  draws({
    ":bell: :+1: :wave::skin-tone-3:": "🔔 👍️ 👋🏼",
    ":no_such_sign: 10:30:45": ":no_such_sign: 10:30:45",
    "`:bell:`": "<code>:bell:</code>",
    ":\u200bbell:": ":\u200bbell:",
  });
});

test("words that came escaped are never a ping, a link or a format", () => {
  for (const words of [
    "<!channel>",
    "<!here|hi>",
    "<@U123>",
    "<https://evil.example|your invoice>",
    "<javascript:alert(1)>",
    "<!date^0^{date}|now>",
    "&lt;!channel&gt;",
    "<<!channel>>",
    "<\u200b!channel>",
  ]) {
    assert.deepEqual(mrkdwn(`to say: ${escaped(words)}`), [{ kind: "text", text: `to say: ${words}` }]);
    assert.deepEqual(plainText(escaped(words)), [{ kind: "text", text: words }]);
  }
});

test("a mark beside a sign that draws nothing marks nothing, as the adapter relies on", () => {
  const inert = (words: string) => words.replace(/[*_~`]/g, (mark) => `\u200b${mark}\u200b`);
  for (const words of ["*bold*", "_it_ ~no~", "`code`", "```fence```", "a *b* c"]) {
    assert.deepEqual(mrkdwn(inert(words)), [{ kind: "text", text: inert(words) }]);
  }
});

test("without verbatim, bare names, channels and addresses are found; with it they are words", () => {
  const table = {
    "@here and @Sam": "{ping @here} and {person |Sam}",
    "see #sales": "see {channel |sales}",
    "go to https://a.example/b?c&amp;d.": "go to [https://a.example/b?c&d](https://a.example/b?c&d).",
    "at shop.com/x": "at [shop.com/x](http://shop.com/x)",
    "to a@b.example": "to [a@b.example](mailto:a@b.example)",
    "C# and a#b, 3.5 kg": "C# and a#b, 3.5 kg",
  };

  draws(table, loosely);
  for (const text of Object.keys(table))
    assert.deepEqual(
      mrkdwn(text).map((piece) => piece.kind),
      ["text"],
      text,
    );
});

test("plain text has entities and emoji, and nothing else", () => {
  assert.equal(said(plainText("*a* <!channel> &amp;lt; :bell:")), "*a* <!channel> &lt; 🔔");
  assert.equal(said(plainText(":100:", false)), ":100:");
});

test("a long text of open marks is read in the time of a short one", () => {
  const began = performance.now();
  for (const sign of ["*", "`", "```", "<", "> ", ":", "&", "_a "]) mrkdwn(sign.repeat(3000 / sign.length), LOOSE);

  assert.ok(performance.now() - began < 2000);
});
