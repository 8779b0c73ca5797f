// What GET /page/slack says: Slack's own wire shapes, as one person there sees them.

import type { Json } from "../hands";

export interface SlackFile {
  name: string;
  mimetype: string;
  url: string;
  size: number;
}

export interface SlackMessage {
  ts: string;
  user: string;
  text: string;
  blocks: Json[];
  thread_ts: string | null;
  reply_count: number;
  edited: boolean;
  deleted: boolean;
  only_for: string | null;
  files: SlackFile[];
}

export interface SlackPaneState {
  people: { id: string; name: string; real_name: string; tz: string; role: string }[];
  user: string;
  users: Record<string, { name: string; is_bot: boolean }>;
  channels: { id: string; name: string; kind: "public" | "private" | "im"; archived: boolean }[];
  channel: string;
  messages: SlackMessage[];
  older: boolean;
  thread: { ts: string; messages: SlackMessage[] } | null;
  views: Json[];
  home: Json | null;
  commands: { command: string; hint: string; description: string }[];
  shortcuts: Record<"global" | "message", { callback_id: string; name: string }[]>;
  failures: { doing: string; shown: string; at: string }[];
}
