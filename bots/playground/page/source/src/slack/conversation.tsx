// A channel: its messages, and the field under them.

import type { RefObject } from "preact";
import { memo } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import { Composer } from "./composer";
import { nameOf, useDesk } from "./desk";
import { Failed } from "./failed";
import { PRESSABLE, useKeptFocus } from "./focus";
import { Message } from "./message";
import type { Spot } from "./permalinks";
import { Said } from "./said";
import { useKeptPlace } from "./scroll";
import type { SlackChannel, SlackPaneState } from "./shapes";
import { type Page, pages, timeline } from "./timeline";
import { walk } from "./walk";

interface ConversationProps {
  pane: SlackPaneState;
  channel: SlackChannel;
  older: () => void;
  /** A message that somebody wants to see. */
  target: Spot | null;
  reached: () => void;
}

export function Conversation({ pane, channel, older, target, reached }: ConversationProps) {
  const box = useRef<HTMLElement>(null);
  const { onScroll, below, toEnd } = useKeptPlace(box, {
    first: pane.messages[0]?.ts ?? "",
    last: pane.messages.at(-1)?.ts ?? "",
    older: pane.older ? older : null,
  });
  useKeptFocus(box);
  useTarget(box, channel, target, reached);
  const named = channel.kind === "im" ? "Shopbell" : channel.name;
  return (
    <>
      <section
        class="scroll"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label={`Messages in ${named}`}
        onScroll={onScroll}
        onKeyDown={walk}
      >
        <div class="messages">
          {pane.older ? <p class="beginning">Loading older messages…</p> : <Beginning channel={channel} />}
          {pages(pane.messages, pane.failures).map((page) => (
            <Lines key={page.key} page={page} channel={channel.id} />
          ))}
        </div>
      </section>
      <Said messages={pane.messages} />
      <div class="foot">
        {below && (
          <button type="button" class="latest" onClick={toEnd}>
            <span aria-hidden="true">↓</span> New messages
          </button>
        )}
        <Foot pane={pane} channel={channel} sent={toEnd} />
      </div>
    </>
  );
}

/** Brings a message into sight; one that is too old to be here is shown by its thread. */
function useTarget(
  box: RefObject<HTMLElement | null>,
  channel: SlackChannel,
  target: Spot | null,
  reached: () => void,
): void {
  const { select } = useDesk();
  useEffect(() => {
    if (target?.channel !== channel.id) return;
    const found = box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(target.ts)}"]`);
    if (found) {
      found.scrollIntoView({ block: "center" });
      found.querySelector<HTMLElement>(PRESSABLE)?.focus({ preventScroll: true });
    } else {
      select({ thread: target.ts });
    }
    reached();
  }, [target, channel.id]);
}

interface LinesProps {
  page: Page;
  channel: string;
}

/** A page that was not fetched anew is not even looked into. */
const Lines = memo(DrawnLines, (before, after) => {
  const { messages, above, failures } = after.page;
  return (
    before.page.messages.length === messages.length &&
    before.page.above === above &&
    before.page.failures.length === failures.length &&
    before.channel === after.channel &&
    messages.every((message, index) => message === before.page.messages[index])
  );
});

function DrawnLines({ page, channel }: LinesProps) {
  const { watch } = useDesk();
  return (
    <div class="stretch">
      {timeline(page, watch).map((line) => {
        if (line.kind === "day") return <Day key={line.key} day={line.day} />;
        if (line.kind === "failure") return <Failed key={line.key} failure={line.failure} />;
        const { message, follows } = line;
        return <Message key={line.key} {...{ message, follows, channel }} />;
      })}
    </div>
  );
}

function Beginning({ channel }: { channel: SlackChannel }) {
  if (channel.kind === "im") {
    return <p class="beginning">This is the very beginning of what Shopbell tells you alone.</p>;
  }
  return (
    <p class="beginning">
      This is the very beginning of the <strong>#{channel.name}</strong> channel.
    </p>
  );
}

function Day({ day }: { day: string }) {
  return (
    <h4 class="day">
      <span>{day}</span>
    </h4>
  );
}

function Foot({ pane, channel, sent }: { pane: SlackPaneState; channel: SlackChannel; sent: () => void }) {
  const desk = useDesk();
  if (channel.archived) return <p class="closed">You are viewing #{channel.name}, an archived channel.</p>;
  // The manifest makes the app's own tab one to read in, so Slack draws no field there.
  if (channel.kind === "im") return <p class="closed">Sending messages to this app has been turned off.</p>;
  return (
    <Composer
      pane={pane}
      channel={channel.id}
      placeholder={`Message #${channel.name}`}
      sent={sent}
      key={nameOf(desk, desk.user)}
    />
  );
}
