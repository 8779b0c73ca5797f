// The line over a chat: where one is, the way back, and what can be done with the whole of it.

import { useState } from "preact/hooks";
import type { Act } from "../hands";
import { Avatar } from "./avatar";
import { kindOf } from "./chats";
import { Icon } from "./icons";
import { Menu, type MenuItem } from "./menu";
import { excerpt } from "./services";
import type { Chat, Message, TelegramPaneState, Topic } from "./shapes";
import { TopicSign } from "./topics";

interface HeadProps {
  pane: TelegramPaneState;
  chat: Chat;
  topic: Topic | null;
  /** One stands in the list of topics. */
  listing: boolean;
  act: Act;
  onBack: () => void;
}

export function Head({ pane, chat, topic, listing, act, onBack }: HeadProps) {
  const [open, setOpen] = useState<Element | null>(null);
  const alone = chat.type === "private";
  const inside = chat.forum && !listing;
  const title = alone ? pane.bot.first_name : (topic?.name ?? (inside ? "General" : chat.title));
  const items = doings(pane, chat, topic, act);
  return (
    <header class="tg-head">
      {inside && (
        <button type="button" class="tg-round" aria-label="All topics" onClick={onBack}>
          <Icon name="back" />
        </button>
      )}
      {topic ? <TopicSign topic={topic} /> : <Avatar id={chat.id} name={chat.title} bot={alone} />}
      <h3>
        {title}
        <small>{inside ? chat.title : kindOf(chat)}</small>
      </h3>
      {topic?.closed && <Icon name="lock" />}
      {items.length > 0 && (
        <button
          type="button"
          class="tg-round"
          aria-label={`What to do with ${title}`}
          aria-haspopup="menu"
          aria-expanded={open !== null}
          onClick={(event) => setOpen(event.currentTarget)}
        >
          <Icon name="more" />
        </button>
      )}
      {open && <Menu label={`What to do with ${title}`} beside={open} items={items} onClose={() => setOpen(null)} />}
    </header>
  );
}

function doings(pane: TelegramPaneState, chat: Chat, topic: Topic | null, act: Act): MenuItem[] {
  const { user } = pane;
  if (chat.type === "private" && chat.started) {
    return chat.blocked
      ? [{ label: "Unblock the bot", onPick: () => void act("/telegram/hands/unblock", { user }) }]
      : [
          {
            label: "Stop and block the bot",
            danger: true,
            onPick: () => void act("/telegram/hands/block", { user }),
          },
        ];
  }
  if (!topic) return [];
  const place = { chat: chat.id, thread: topic.id };
  const turn = { ...place, closed: !topic.closed };
  return [
    {
      label: topic.closed ? "Reopen the topic" : "Close the topic",
      icon: "lock",
      onPick: () => void act("/telegram/hands/close_topic", turn),
    },
    {
      label: "Delete the topic",
      icon: "close",
      danger: true,
      onPick: () => void act("/telegram/hands/delete_topic", place),
    },
  ];
}

/** The newest of what is pinned, under the head; a press goes there. */
export function Pinned({ messages, jump }: { messages: readonly Message[]; jump: (id: number) => void }) {
  const pinned = messages.findLast((one) => one.pinned_message)?.pinned_message;
  if (!pinned) return null;
  return (
    <button type="button" class="tg-pinned" onClick={() => jump(pinned.message_id)}>
      <b>Pinned message</b>
      <span>{excerpt(pinned)}</span>
      <Icon name="pin" />
    </button>
  );
}
