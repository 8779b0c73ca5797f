// What the guide reads off the chats to do its steps: words, buttons, the field of a form.

import type { Json } from "../hands";
import type { SlackMessage } from "../slack/shapes";
import type { TelegramMessage } from "../telegram/shapes";

/** All words of a message: its text, and every text within its blocks. */
export function slackWords({ text, blocks }: Pick<SlackMessage, "text" | "blocks">): string {
  return [text, ...textsIn(blocks)].join("\n");
}

function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inside]) =>
    name === "text" && typeof inside === "string" ? [inside] : textsIn(inside),
  );
}

/** What the buttons of a message say, in their order. */
export function slackButtons({ blocks }: Pick<SlackMessage, "blocks">): string[] {
  return blocks
    .flatMap((block) => [...asList(block.elements), ...asList([block.accessory])])
    .filter((element) => element.type === "button")
    .map((button) => String((button.text as Json | undefined)?.text ?? ""));
}

/** `block_id/action_id` of the first field of a view that text is typed into. */
export function typedField(view: Json): string | undefined {
  for (const block of asList(view.blocks)) {
    const element = block.element as Json | undefined;
    if (block.type === "input" && element?.type === "plain_text_input") return `${block.block_id}/${element.action_id}`;
  }
  return undefined;
}

export function telegramWords(message: TelegramMessage): string {
  return String(message.text ?? message.caption ?? "");
}

export function telegramButtons(message: TelegramMessage): string[] {
  const rows = (message.reply_markup as Json | undefined)?.inline_keyboard;
  return asList((Array.isArray(rows) ? rows : []).flat()).map((button) => String(button.text ?? ""));
}

function asList(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}
