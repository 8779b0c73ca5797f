// What the page's door says of Slack, and Block Kit as it is sent: docs.slack.dev/reference/block-kit, November 2026.

export interface SlackPaneState {
  people: SlackPerson[];
  user: string;
  users: Record<string, { name: string; is_bot: boolean }>;
  channels: SlackChannel[];
  channel: string;
  messages: SlackMessage[];
  older: boolean;
  thread: { ts: string; messages: SlackMessage[]; older?: boolean } | null;
  views: View[];
  home: View | null;
  /** The app's Home tab is in view, and not the channel. */
  at_home: boolean;
  commands: { command: string; hint: string; description: string }[];
  shortcuts: { global: Shortcut[]; message: Shortcut[] };
  failures: Failure[];
}

export interface SlackPerson {
  id: string;
  name: string;
  real_name: string;
  tz: string;
  role: string;
}

export interface SlackChannel {
  id: string;
  name: string;
  kind: "public" | "private" | "im";
  archived: boolean;
}

export interface Shortcut {
  callback_id: string;
  name: string;
}

/** What went wrong for this person, in Slack's own words; `at` in seconds since 1970. */
export interface Failure {
  doing: string;
  shown: string;
  at: number;
}

export interface SlackMessage {
  ts: string;
  user: string;
  text: string;
  blocks?: Block[];
  attachments?: Attachment[];
  thread_ts?: string | null;
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  edited?: boolean | object | null;
  deleted?: boolean;
  only_for?: string | null;
  broadcast?: boolean;
  parse?: string | null;
  link_names?: boolean;
  files?: SlackFile[];
  reactions?: { name: string; users: string[]; count: number }[];
}

export interface SlackFile {
  name: string;
  title?: string;
  mimetype?: string;
  url?: string;
  size: number;
  alt_txt?: string;
}

export interface Attachment {
  color?: string;
  pretext?: string;
  author_name?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title?: string; value?: string; short?: boolean }[];
  image_url?: string;
  footer?: string;
  blocks?: Block[];
}

/** A modal or Home tab as the app sent it, with what Slack added. */
export interface View {
  id: string;
  type: "modal" | "home";
  hash?: string;
  title?: TextObject | null;
  submit?: TextObject | null;
  close?: TextObject | null;
  blocks: Block[];
  callback_id?: string;
  submit_disabled?: boolean;
  state?: { values: Record<string, Record<string, Entry>> };
}

/** What stands in a field. */
export type Entry = Record<string, unknown>;

export interface TextObject {
  type: "plain_text" | "mrkdwn";
  text: string;
  emoji?: boolean;
  verbatim?: boolean;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: "primary" | "danger";
}

/** Everything that a block may hold; which of it does is a matter of its `type`. */
export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: Element[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  title?: TextObject | string;
  alt_text?: string;
  image_url?: string;
  slack_file?: { id?: string; url?: string };
  level?: string;
  rows?: Cell[][];
  column_settings?: { align?: "left" | "center" | "right"; is_wrapped?: boolean }[];
}

export type Cell = { type: string; text?: string; elements?: RichElement[] };

/** An element that is pressed, picked or typed into, or a picture or text in a context. */
export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  accessibility_label?: string;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: { label: TextObject; options: Option[] }[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_conversation?: string;
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  min_query_length?: number;
  filetypes?: string[];
  max_files?: number;
  image_url?: string;
  alt_text?: string;
  slack_file?: { id?: string; url?: string };
  verbatim?: boolean;
  emoji?: boolean;
  elements?: RichElement[];
}

/** A part of a rich_text block, or a leaf of one. */
export interface RichElement {
  type: string;
  elements?: RichElement[];
  text?: string;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  channel_id?: string;
  usergroup_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  value?: string;
  indent?: number;
  offset?: number;
  border?: number;
  style?: string | { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean; underline?: boolean };
}
