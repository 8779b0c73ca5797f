// What a button under a message does, and how the app marks it.

import { openable } from "./links";
import type { Key, ReplyKeyboard } from "./shapes";

export type Press =
  | { kind: "callback"; data: string }
  | { kind: "url"; url: string }
  | { kind: "copy"; text: string }
  | { kind: "inline"; query: string }
  | { kind: "disabled" }
  | { kind: "unknown"; name: string };

export const STYLES = new Set(["primary", "success", "danger"]);

// What a key has beside what it does.
const BESIDE = new Set(["text", "style", "icon_custom_emoji_id"]);

export function pressOf(key: Key): Press {
  if (key.callback_data !== undefined) return { kind: "callback", data: key.callback_data };
  if (key.url !== undefined) {
    const url = openable(key.url.includes(":") ? key.url : `http://${key.url}`);
    return url ? { kind: "url", url } : { kind: "unknown", name: `url ${key.url}` };
  }
  if (key.copy_text !== undefined) return { kind: "copy", text: key.copy_text.text };
  const query = key.switch_inline_query_current_chat ?? key.switch_inline_query;
  if (query !== undefined) return { kind: "inline", query };
  const does = Object.keys(key).find((name) => !BESIDE.has(name));
  return does === "disabled" ? { kind: "disabled" } : { kind: "unknown", name: does ?? "nothing" };
}

/** Rows of labels; a press on one sends it as the person's message. */
export function replyRows(keyboard: ReplyKeyboard): string[][] {
  return keyboard.keyboard.map((row) => row.map((key) => (typeof key === "string" ? key : key.text)));
}
