// The person's chats, one under the other: a picture each where there is little room, names where there is more.

import { Avatar } from "./avatar";
import type { Chat } from "./shapes";

interface ChatsProps {
  chats: Chat[];
  chat: number;
  bot: { username: string; first_name: string };
  onChat: (id: number) => void;
}

export function Chats({ chats, chat, bot, onChat }: ChatsProps) {
  return (
    <nav class="tg-chats" aria-label="Chats">
      {chats.map((one) => {
        const alone = one.type === "private";
        return (
          <button
            type="button"
            key={one.id}
            aria-current={one.id === chat}
            title={one.title}
            onClick={() => onChat(one.id)}
          >
            <Avatar id={one.id} name={one.title} bot={alone} />
            <span class="tg-chat-name">
              <b>{alone ? bot.first_name : one.title}</b>
              <span>{kindOf(one)}</span>
            </span>
          </button>
        );
      })}
    </nav>
  );
}

export function kindOf(chat: Chat): string {
  if (chat.type === "private") return chat.blocked ? "blocked" : "bot";
  return chat.forum ? "group with topics" : "group";
}
