// What the page is told of Telegram: raw objects of the Bot API, and what the API does not tell (`GET /page/telegram`).

export interface User {
  id: number;
  is_bot?: boolean;
  first_name: string;
  last_name?: string;
  username?: string;
}

export interface Entity {
  type: string;
  offset: number;
  length: number;
  url?: string;
  user?: User;
  language?: string;
  custom_emoji_id?: string;
  unix_time?: number;
  date_time_format?: string;
}

export interface Key {
  text: string;
  style?: string;
  callback_data?: string;
  url?: string;
  copy_text?: { text: string };
  switch_inline_query?: string;
  switch_inline_query_current_chat?: string;
  [other: string]: unknown;
}

export interface ReplyKey {
  text: string;
  [other: string]: unknown;
}

export interface ReplyKeyboard {
  keyboard: (ReplyKey | string)[][];
  is_persistent?: boolean;
  one_time_keyboard?: boolean;
  input_field_placeholder?: string;
}

export interface File {
  file_id: string;
  file_unique_id?: string;
  file_name?: string;
  mime_type?: string;
  file_size?: number;
}

export interface PhotoSize extends File {
  width: number;
  height: number;
}

export interface Sticker extends File {
  emoji?: string;
}

export interface Voice extends File {
  duration: number;
}

export interface Topic {
  id: number;
  name: string;
  closed: boolean;
  deleted: boolean;
  messages: number;
  icon_color?: number;
}

/** A message as the Bot API shapes it, with what only the page is told. */
export interface Message {
  message_id: number;
  date: number;
  chat: { id: number; type: string };
  from?: User;
  sender_chat?: { id: number; title?: string };
  via_bot?: User;
  text?: string;
  entities?: Entity[];
  caption?: string;
  caption_entities?: Entity[];
  photo?: PhotoSize[];
  document?: File;
  sticker?: Sticker;
  voice?: Voice;
  reply_markup?: { inline_keyboard?: Key[][] };
  reply_to_message?: Message;
  message_thread_id?: number;
  is_topic_message?: boolean;
  edit_date?: number;
  pinned_message?: Message;
  forum_topic_created?: { name: string };
  /** Only from the page's door. */
  mine?: boolean;
  deleted?: boolean;
  reactions?: string[];
  asks?: boolean;
  placeholder?: string | null;
  keyboard?: ReplyKeyboard | null;
  [other: string]: unknown;
}

export interface Person {
  id: number;
  first_name: string;
  username?: string | null;
  role?: string;
}

export interface Chat {
  id: number;
  title: string;
  type: "private" | "group" | "supergroup";
  forum: boolean;
  blocked: boolean;
  started: boolean;
  /** May close topics, and write in closed ones. */
  manages: boolean;
}

export interface Command {
  command: string;
  description: string;
}

export interface TelegramPaneState {
  people: Person[];
  user: number;
  zone: string;
  chats: Chat[];
  chat: number;
  topics: Topic[] | null;
  thread: number | null;
  messages: Message[];
  older: boolean;
  menu: Command[];
  bot: { id: number; username: string; first_name: string };
}

export interface InlineResult {
  id: string;
  type: string;
  title?: string;
  description?: string;
  input_message_content?: { message_text?: string };
  [other: string]: unknown;
}
