// What the guide reads off the chats to do its steps: words, buttons, the field of a form.

import type { Json } from "../hands";
import type { Message as TelegramMessage } from "../telegram/shapes";

/** A message in Slack as far as it is read here; its blocks are Slack's own, and read as they come. */
export interface SlackWorded {
  text?: string;
  blocks?: object[];
}

/** All words of a message: its text, and every text within its blocks. */
export function slackWords({ text, blocks = [] }: SlackWorded): string {
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
export function slackButtons({ blocks = [] }: SlackWorded): string[] {
  return asList(blocks)
    .flatMap((block) => [...asList(block.elements), ...asList([block.accessory])])
    .filter((element) => element.type === "button")
    .map((button) => String((button.text as Json | undefined)?.text ?? ""));
}

/** `block_id/action_id` of the first field of a view that text is typed into. */
export function typedField(view: { blocks?: unknown }): string | undefined {
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
