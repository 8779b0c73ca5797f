// What GET /page/telegram says: the Bot API's own wire shapes, as one person there sees them.

import type { Json } from "../hands";

/** A Message as the Bot API shapes it, with what this person sees of it. */
export interface TelegramMessage extends Json {
  message_id: number;
  date: number;
  mine: boolean;
  deleted: boolean;
  reactions: string[];
  asks: boolean;
}

export interface TelegramPaneState {
  people: { id: number; first_name: string; username: string; role: string }[];
  user: number;
  zone: string;
  chats: {
    id: number;
    title: string;
    type: "private" | "group" | "supergroup";
    forum: boolean;
    blocked: boolean;
    started: boolean;
  }[];
  chat: number;
  topics: { id: number; name: string; closed: boolean; deleted: boolean; messages: number }[] | null;
  thread: number | null;
  messages: TelegramMessage[];
  older: boolean;
  menu: { command: string; description: string }[];
  bot: { username: string; first_name: string };
}
