// One message: who, when, what the app sent, and what can be done about it.

import { memo } from "preact/compat";
import { useMemo, useRef, useState } from "preact/hooks";
import { Attachments } from "./attachments";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks";
import { dated, fully, timeOf } from "./dates";
import { nameOf, useDesk } from "./desk";
import { Text } from "./drawing";
import { useKeptFocus } from "./focus";
import { Menu } from "./menu";
import { Files } from "./picture";
import { Reactions } from "./reactions";
import type { Element, SlackMessage } from "./shapes";
import { keyOf, type Surface, SurfaceProvider, type Value } from "./surface";

export interface MessageProps {
  message: SlackMessage;
  channel: string;
  /** Said by the same person just before, so that who it was need not be drawn again. */
  follows: boolean;
  /** Within its thread: without a way into it. */
  inThread?: boolean;
}

export const Message = memo(Drawn, (before, after) => {
  const { message, ...rest } = after;
  const same = Object.entries(rest).every(([name, value]) => before[name as keyof MessageProps] === value);
  // The door's answer is a new object each time; most messages in it are as they were.
  return same && (before.message === message || JSON.stringify(before.message) === JSON.stringify(message));
});

function Drawn({ message, channel, follows, inThread = false }: MessageProps) {
  const desk = useDesk();
  const surface = useMessageSurface(channel, message.ts);
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box, "first");
  const name = nameOf(desk, message.user);
  const at = Number(message.ts);
  if (message.deleted) return <Tombstone message={message} inThread={inThread} />;
  return (
    <article
      ref={box}
      class={`message${follows ? " follows" : ""}${message.only_for ? " whisper" : ""}`}
      aria-label={`${name}, ${timeOf(at, desk.watch)}`}
      data-message={message.ts}
    >
      <div class="gutter">{follows ? <Clock at={at} short /> : <Avatar id={message.user} />}</div>
      <div class="content">
        {message.only_for && (
          <p class="aside">
            <Eye /> Only visible to you
          </p>
        )}
        {message.broadcast && <p class="aside">replied to a thread</p>}
        {!follows && (
          <p class="by">
            <strong>{name}</strong>
            {desk.users[message.user]?.is_bot && <span class="badge">APP</span>}
            <Clock at={at} />
          </p>
        )}
        <SurfaceProvider value={surface}>
          <Said message={message} />
        </SurfaceProvider>
        {!inThread && <ThreadFooter message={message} />}
      </div>
      <Toolbar message={message} channel={channel} inThread={inThread} />
    </article>
  );
}

function Said({ message }: { message: SlackMessage }) {
  const edited = message.edited ? <small class="edited"> (edited)</small> : null;
  const blocks = message.blocks ?? [];
  return (
    <>
      {blocks.length > 0 ? (
        <Blocks blocks={blocks} />
      ) : (
        message.text.trim() && (
          <div class="said">
            <Text of={{ type: "mrkdwn", text: message.text, verbatim: message.parse !== "full" }} />
            {edited}
          </div>
        )
      )}
      {blocks.length > 0 && edited}
      {message.attachments && <Attachments attachments={message.attachments} />}
      {message.files && message.files.length > 0 && <Files files={message.files} />}
      {message.reactions && message.reactions.length > 0 && <Reactions reactions={message.reactions} />}
    </>
  );
}

function Clock({ at, short = false }: { at: number; short?: boolean }) {
  const { watch } = useDesk();
  const said = timeOf(at, watch);
  return (
    <time class="clock" dateTime={new Date(at * 1000).toISOString()} title={fully(at, watch)}>
      {short ? said.replace(/ [AP]M$/, "") : said}
    </time>
  );
}

function Tombstone({ message, inThread }: { message: SlackMessage; inThread: boolean }) {
  return (
    <article class="message tombstone" aria-label="Deleted message" data-message={message.ts}>
      <div class="gutter">
        <span class="avatar bin" aria-hidden="true">
          <Bin />
        </span>
      </div>
      <div class="content">
        <p class="said">This message was deleted.</p>
        {!inThread && <ThreadFooter message={message} />}
      </div>
    </article>
  );
}

function ThreadFooter({ message }: { message: SlackMessage }) {
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

interface ToolbarProps {
  message: SlackMessage;
  channel: string;
  inThread: boolean;
}

function Toolbar({ message, channel, inThread }: ToolbarProps) {
  const { act, select, shortcuts, user } = useDesk();
  const items = shortcuts.map((shortcut) => ({
    key: shortcut.callback_id,
    words: shortcut.name,
    label: shortcut.name,
    group: "Message shortcuts",
  }));
  const choose = (callback_id: string) =>
    void act("/slack/hands/message_shortcut", { user, channel, ts: message.ts, callback_id });
  const replies = !inThread && !message.only_for;
  if (!replies && (items.length === 0 || message.only_for)) return null;
  return (
    <div class="toolbar">
      {replies && (
        <button
          type="button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => select({ thread: message.ts })}
        >
          <Bubble />
        </button>
      )}
      {items.length > 0 && !message.only_for && (
        <Menu
          class="more"
          label="More actions"
          face={<span aria-hidden="true">⋮</span>}
          items={items}
          choose={choose}
        />
      )}
    </div>
  );
}

/** What is pressed in a message goes out at once; what was picked stays shown until the message is redrawn. */
function useMessageSurface(channel: string, ts: string): Surface {
  const { act, user } = useDesk();
  const [picked, setPicked] = useState<Readonly<Record<string, Value>>>({});
  return useMemo(
    () => ({
      given: (block: string, element: Element) => picked[keyOf(block, element)],
      press: async (block: string, element: Element, value: Value) => {
        if (element.type !== "button" && element.type !== "overflow") {
          setPicked((before) => ({ ...before, [keyOf(block, element)]: value }));
        }
        const heard = await act("/slack/hands/click", { user, channel, ts, action: element.action_id, value });
        return heard?.result === true;
      },
      enter: () => {},
      faults: {},
    }),
    [act, user, channel, ts, picked],
  );
}

function Eye() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M10 4.5c4 0 6.8 3 8 5.5-1.2 2.5-4 5.5-8 5.5S3.2 12.5 2 10c1.2-2.5 4-5.5 8-5.5Zm0 2.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Zm0 1.6a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
    </svg>
  );
}

function Bubble() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M4 3h12a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2H9.5L5.6 17.4a.7.7 0 0 1-1.1-.6v-2.3H4a2 2 0 0 1-2-2V5c0-1.1.9-2 2-2Zm0 1.6a.4.4 0 0 0-.4.4v7.5c0 .2.2.4.4.4h2.1v2.1l2.8-2.1H16c.2 0 .4-.2.4-.4V5a.4.4 0 0 0-.4-.4H4Z" />
    </svg>
  );
}

function Bin() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M8 2.5h4a1 1 0 0 1 1 1V4h3.5v1.6h-1L14.7 16a1.6 1.6 0 0 1-1.6 1.5H6.9A1.6 1.6 0 0 1 5.3 16L4.5 5.6h-1V4H7v-.5a1 1 0 0 1 1-1Zm-1.9 3.1.8 10.3h6.2l.8-10.3H6.1Z" />
    </svg>
  );
}
