// One message: who, when, what the app sent, and what can be done about it.

import { memo } from "preact/compat";
import { useMemo, useRef, useState } from "preact/hooks";
import { Attachments } from "./attachments";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks";
import { fully, timeOf } from "./dates";
import { nameOf, useDesk } from "./desk";
import { Drawing } from "./drawing";
import { Editor } from "./editor";
import { PRESSABLE, useKeptFocus } from "./focus";
import { Bin, Eye } from "./icons";
import { mrkdwn } from "./mrkdwn";
import { Files } from "./picture";
import { Reactions } from "./reactions";
import type { Element, SlackMessage } from "./shapes";
import { keyOf, type Surface, SurfaceProvider, type Value } from "./surface";
import { ThreadFooter } from "./thread-footer";
import { Toolbar } from "./toolbar";

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
  const [editing, setEditing] = useState(false);
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box, PRESSABLE);
  const name = nameOf(desk, message.user);
  const at = Number(message.ts);
  if (message.deleted) return <Tombstone message={message} inThread={inThread} />;
  return (
    <article
      ref={box}
      class={`message${follows ? " follows" : ""}${message.only_for ? " whisper" : ""}`}
      aria-label={`${name}, ${timeOf(at, desk.watch)}`}
      data-message={message.ts}
      tabIndex={-1}
    >
      <div class="gutter">{follows ? <Clock at={at} short /> : <Avatar id={message.user} />}</div>
      <div class="content">
        {message.only_for && (
          <p class="aside">
            <Eye /> Only visible to you ·{" "}
            <button
              type="button"
              onClick={() => void desk.act("/slack/hands/dismiss", { user: desk.user, ts: message.ts })}
            >
              Dismiss
            </button>
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
          {editing ? (
            <Editor message={message} channel={channel} done={() => setEditing(false)} />
          ) : (
            <Said message={message} />
          )}
        </SurfaceProvider>
        {!inThread && <ThreadFooter message={message} />}
      </div>
      <Toolbar message={message} channel={channel} inThread={inThread} edit={() => setEditing(true)} />
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
            <TopText message={message} />
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

/** What stands beside no blocks. Slack looks for addresses in it unless the app said `parse: none`. */
function TopText({ message: { text, parse, link_names } }: { message: SlackMessage }) {
  const drawn = useMemo(() => {
    const full = parse === "full" || parse === "client";
    return mrkdwn(text, { urls: parse !== "none", names: full || link_names === true });
  }, [text, parse, link_names]);
  return <Drawing of={drawn} />;
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
    <article class="message tombstone" aria-label="Deleted message" data-message={message.ts} tabIndex={-1}>
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
