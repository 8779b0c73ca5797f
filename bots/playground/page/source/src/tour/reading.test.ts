import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message as TelegramMessage } from "../telegram/shapes";
import { slackButtons, slackWords, telegramButtons, telegramWords, typedField } from "./reading";

const button = (text: string) => ({ type: "button", action_id: text, text: { type: "plain_text", text } });

test("a message's words are those of its text and of every block", () => {
  const rich = {
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "Is it" }] }],
  };
  const section = {
    type: "section",
    text: { type: "mrkdwn", text: "*Ann*" },
    fields: [{ type: "mrkdwn", text: "blue?" }],
  };

  assert.equal(slackWords({ text: "new", blocks: [section, rich] }), "new\n*Ann*\nblue?\nIs it");
});

test("buttons are found in rows and beside sections", () => {
  const blocks = [
    { type: "section", accessory: button("More…") },
    { type: "actions", elements: [button("Reply to Ann"), { type: "static_select" }] },
  ];

  assert.deepEqual(slackButtons({ blocks }), ["More…", "Reply to Ann"]);
});

test("a form's first text field is named as a submission names it", () => {
  const element = { type: "plain_text_input", action_id: "typed" };
  const view = { blocks: [{ type: "section" }, { type: "input", block_id: "text", element }] };

  assert.equal(typedField(view), "text/typed");
  assert.equal(typedField({ blocks: [{ type: "section" }] }), undefined);
});

test("a message in Telegram has words and rows of buttons, or neither", () => {
  const keyboard = { inline_keyboard: [[{ text: "Reply" }, { text: "Claim" }], [{ text: "More…" }]] };
  const message = { message_id: 1, text: "Ann asks", reply_markup: keyboard } as unknown as TelegramMessage;

  assert.deepEqual(telegramButtons(message), ["Reply", "Claim", "More…"]);
  assert.equal(telegramWords(message), "Ann asks");
  assert.deepEqual(telegramButtons({ message_id: 2, caption: "Look" } as unknown as TelegramMessage), []);
});
