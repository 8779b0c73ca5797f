// Addresses of messages: within Slack they lead to the message, not out of it.

const PERMALINK =
  /^https:\/\/[\w-]+\.slack\.com\/archives\/([CGD][A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?(?:.*&)?thread_ts=(\d+\.\d+))?/;

export interface Spot {
  channel: string;
  /** The message, or the thread that it stands in. */
  ts: string;
  inThread: boolean;
}

export function spotOf(url: string): Spot | null {
  const [, channel, seconds, rest, thread] = PERMALINK.exec(url) ?? [];
  if (!channel) return null;
  const ts = `${seconds}.${rest}`;
  return thread && thread !== ts ? { channel, ts: thread, inThread: true } : { channel, ts, inThread: false };
}
