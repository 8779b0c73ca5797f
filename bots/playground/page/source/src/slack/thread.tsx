// A thread beside its channel, or over it where there is no room.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { get } from "../hands";
import { joined } from "../history";
import { Composer } from "./composer";
import { useDesk } from "./desk";
import { useKeptFocus } from "./focus";
import { Message } from "./message";
import { Said } from "./said";
import { useKeptPlace } from "./scroll";
import type { SlackChannel, SlackMessage, SlackPaneState } from "./shapes";
import { walk } from "./walk";

interface ThreadProps {
  pane: SlackPaneState;
  thread: NonNullable<SlackPaneState["thread"]>;
  channel: SlackChannel;
}

export function Thread({ pane, thread, channel }: ThreadProps) {
  const { select } = useDesk();
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const parent = thread.messages[0];
  const { replies, older, fetchOlder } = useReplies(pane, thread);
  const count = parent?.reply_count ?? replies.length;
  const { onScroll } = useKeptPlace(box, {
    first: parent?.ts ?? "",
    last: thread.messages.at(-1)?.ts ?? "",
    older: null,
  });
  useKeptFocus(box);
  const close = () => select({ thread: undefined });
  useLayoutEffect(() => {
    const slack = heading.current?.closest(".slack");
    // It was opened from here, not by the page's address or by somebody in another pane.
    if (slack?.contains(document.activeElement)) heading.current?.focus();
    return () => {
      if (heading.current?.closest(".thread")?.contains(document.activeElement))
        queueMicrotask(() => backTo(slack, thread.ts));
    };
  }, []);
  const draw = (message: (typeof thread.messages)[number]) => (
    <Message key={message.ts} message={message} follows={false} inThread channel={channel.id} />
  );
  return (
    <section
      class="thread"
      aria-label={`Thread in ${channel.name}`}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header>
        <h3 ref={heading} tabIndex={-1}>
          Thread <small>{channel.kind === "im" ? channel.name : `# ${channel.name}`}</small>
        </h3>
        <button type="button" class="close" aria-label="Close thread" title="Close thread" onClick={close}>
          ✕
        </button>
      </header>
      <section
        class="scroll"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard
        tabIndex={0}
        aria-label="Messages in this thread"
        onScroll={onScroll}
        onKeyDown={walk}
      >
        <div class="messages">
          {parent && draw(parent)}
          {replies.length > 0 && (
            <p class="replies">
              {count} {count === 1 ? "reply" : "replies"}
            </p>
          )}
          {older && (
            <p class="beginning">
              <button type="button" class="link" onClick={() => void fetchOlder()}>
                Show earlier replies
              </button>
            </p>
          )}
          {replies.map(draw)}
        </div>
      </section>
      <Said messages={replies} key={thread.ts} />
      {!channel.archived && (
        <Composer pane={pane} channel={channel.id} thread={thread.ts} placeholder="Reply…" key={pane.user} />
      )}
    </section>
  );
}

interface Replies {
  replies: readonly SlackMessage[];
  older: boolean;
  fetchOlder: () => Promise<void>;
}

/** The hundred that the door gives, and those before them that were asked for. */
function useReplies(pane: SlackPaneState, thread: ThreadProps["thread"]): Replies {
  const [, redraw] = useState(0);
  const known = useRef<Page | undefined>(undefined);
  const now = joined(known.current, { messages: thread.messages.slice(1), older: thread.older === true });
  known.current = now;
  const fetchOlder = async () => {
    const before = now.messages[0]?.ts ?? "";
    const asked = new URLSearchParams({ user: pane.user, channel: pane.channel, thread: thread.ts, before });
    const found = await get<Page>(`/page/slack/older?${asked}`).catch(() => null); // the same button asks again
    if (!found || known.current?.messages[0]?.ts !== before) return;
    known.current = { messages: [...found.messages, ...known.current.messages], older: found.older };
    redraw((count) => count + 1);
  };
  return { replies: now.messages, older: now.older, fetchOlder };
}

interface Page {
  messages: SlackMessage[];
  older: boolean;
}

/** To where the thread was opened, or to the list that it stands in. */
function backTo(slack: Element | null | undefined, ts: string): void {
  const footer = slack?.querySelector<HTMLElement>(`[data-message="${CSS.escape(ts)}"] .thread-footer`);
  (footer ?? slack?.querySelector<HTMLElement>(".main .scroll"))?.focus();
}
