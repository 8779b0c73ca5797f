// Under a message: how many answered in its thread, who, and when last.

import { Avatar } from "./avatar";
import { dated } from "./dates";
import { useDesk } from "./desk";
import type { SlackMessage } from "./shapes";

export function ThreadFooter({ message }: { message: SlackMessage }) {
  const { select, watch } = useDesk();
  const count = message.reply_count ?? 0;
  if (count === 0) return null;
  const last = Number(message.latest_reply ?? Number.NaN);
  const when = dated(last, "{date_pretty} at {time}", watch);
  return (
    <button type="button" class="thread-footer" onClick={() => select({ thread: message.ts })}>
      {(message.reply_users ?? []).slice(0, 4).map((id) => (
        <Avatar key={id} id={id} small />
      ))}
      <span class="count">
        {count} {count === 1 ? "reply" : "replies"}
      </span>
      <span class="last">
        <span>{when && `Last reply ${lower(when)}`}</span>
        <span class="view">View thread</span>
      </span>
    </button>
  );
}

const lower = (said: string) => said.charAt(0).toLowerCase() + said.slice(1);
