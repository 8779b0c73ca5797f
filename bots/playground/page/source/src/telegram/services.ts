// What Telegram writes in the middle of a chat when something happened in it.

import type { Message } from "./shapes";

// What an ordinary message may carry; everything beside is what it is, or what we cannot draw.
const ORDINARY = new Set(
  (
    "message_id date chat from sender_chat sender_tag sender_boost_count text entities caption caption_entities photo " +
    "document sticker voice reply_markup reply_to_message message_thread_id is_topic_message edit_date via_bot " +
    "link_preview_options has_protected_content media_group_id author_signature " +
    "mine deleted reactions asks placeholder keyboard silent asks_for_reply pinned earlier"
  ).split(" "),
);

type Tell = (who: string, told: never) => string;

const SAID: Record<string, Tell> = {
  new_chat_members: (who, told: { first_name: string }[]) => {
    const names = told.map((one) => one.first_name);
    return names.length === 1 && names[0] === who ? `${who} joined the group` : `${who} added ${names.join(", ")}`;
  },
  left_chat_member: (who, told: { first_name: string }) =>
    told.first_name === who ? `${who} left the group` : `${who} removed ${told.first_name}`,
  group_chat_created: (who) => `${who} created the group`,
  supergroup_chat_created: (who) => `${who} created the group`,
  migrate_to_chat_id: () => "The group was upgraded to a supergroup",
  migrate_from_chat_id: () => "The group was upgraded to a supergroup",
  new_chat_title: (who, told: string) => `${who} changed the group's name to “${told}”`,
  forum_topic_created: (who, told: { name: string }) => `${who} created the topic “${told.name}”`,
  forum_topic_edited: (who, told: { name?: string }) =>
    told.name ? `${who} renamed the topic to “${told.name}”` : `${who} changed the topic's icon`,
  forum_topic_closed: (who) => `${who} closed the topic`,
  forum_topic_reopened: (who) => `${who} reopened the topic`,
  pinned_message: (who, told: Message) => `${who} pinned “${excerpt(told)}”`,
};

/** Null for an ordinary message. */
export function serviceWords(message: Message): string | null {
  const name = Object.keys(SAID).find((one) => message[one] !== undefined);
  const tell = name && SAID[name];
  return tell ? tell(message.from?.first_name ?? "Somebody", message[name] as never) : null;
}

/** The name of what no part of the page draws, such as "poll"; null where all of the message is drawn. */
export function undrawable(message: Message): string | null {
  if (serviceWords(message) !== null) return null;
  const strange = Object.keys(message).find((name) => !ORDINARY.has(name) && message[name] != null);
  if (strange) return strange;
  return contents(message) ? null : "an empty message";
}

/** What a message is in a line: a quote of it, the end of a list of chats. */
export function excerpt(message: Message, length = 80): string {
  const said = (message.text ?? message.caption ?? "").replace(/\s+/g, " ").trim();
  const kind = contents(message);
  const line = [kind === "text" ? "" : kind, said].filter(Boolean).join(" ");
  if (!line) return serviceWords(message) ?? "Message";
  return line.length > length ? `${[...line].slice(0, length).join("")}…` : line;
}

/** One's own words may be changed; what a bot found for one stays as it is. */
export function canEdit(message: Message): boolean {
  return !!message.mine && !message.deleted && message.text !== undefined && !message.via_bot;
}

function contents(message: Message): string {
  if (message.photo) return "🖼 Photo";
  if (message.document) return `📎 ${message.document.file_name ?? "File"}`;
  if (message.sticker) return `${message.sticker.emoji ?? ""} Sticker`;
  if (message.voice) return "🎤 Voice message";
  return message.text === undefined ? "" : "text";
}
