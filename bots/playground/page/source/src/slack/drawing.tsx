// What was read of a text, drawn.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { dated, fully, type Watch } from "./dates";
import { nameOf, useDesk, useNow } from "./desk";
import type { Drawn } from "./drawn";
import { mrkdwn, plainText } from "./mrkdwn";
import { spotOf } from "./permalinks";
import { isLink, LOOSE, VERBATIM } from "./sequences";
import type { TextObject } from "./shapes";

/** A text object of either kind, or bare words. */
export function Text({ of }: { of: TextObject | string | null | undefined }) {
  const { type, text, verbatim, emoji } = typeof of === "string" ? plainly(of) : (of ?? plainly(""));
  const drawn = useMemo(
    () => (type === "mrkdwn" ? mrkdwn(text, verbatim ? VERBATIM : LOOSE) : plainText(text, emoji !== false)),
    [type, text, verbatim, emoji],
  );
  return <Drawing of={drawn} />;
}

function plainly(text: string): TextObject {
  return { type: "plain_text", text };
}

export function Drawing({ of }: { of: readonly Drawn[] }) {
  return of.map((piece, index) => <Piece key={index} of={piece} />);
}

function Piece({ of }: { of: Drawn }) {
  switch (of.kind) {
    case "text":
      return of.text;
    case "bold":
      return (
        <strong>
          <Drawing of={of.inside} />
        </strong>
      );
    case "italic":
      return (
        <em>
          <Drawing of={of.inside} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Drawing of={of.inside} />
        </s>
      );
    case "code":
      return (
        <code>
          <Drawing of={of.inside} />
        </code>
      );
    case "pre":
      return (
        <pre>
          <Drawing of={of.inside} />
        </pre>
      );
    case "quote":
      return (
        <blockquote>
          <Drawing of={of.inside} />
        </blockquote>
      );
    case "link":
      return (
        <Link url={of.url}>
          <Drawing of={of.inside} />
        </Link>
      );
    case "emoji":
      return <Emoji name={of.name} sign={of.sign} />;
    case "person":
      return <Person id={of.id} label={of.label} />;
    case "channel":
      return <ChannelName id={of.id} label={of.label} />;
    case "ping":
      return <span class="pill me">{of.label}</span>;
    case "date":
      return <When {...of} />;
    case "unknown":
      return <Undrawable what={of.what} />;
  }
}

/** Words where the address is none that a browser should open. */
export function Link({ url, children }: { url: string; children: ComponentChildren }) {
  const { channels, visit } = useDesk();
  const spot = spotOf(url);
  if (spot && channels.some((channel) => channel.id === spot.channel)) {
    return (
      <button type="button" class="link" onClick={() => visit(spot)}>
        {children}
      </button>
    );
  }
  if (!isLink(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

export function Emoji({ name, sign }: { name: string; sign: string }) {
  return (
    <span class="emoji" role="img" aria-label={name.replaceAll(":", " ").replaceAll("_", " ").trim()} title={name}>
      {sign}
    </span>
  );
}

export function Person({ id, label = "" }: { id: string; label?: string }) {
  const desk = useDesk();
  const known = id || Object.keys(desk.users).find((each) => desk.users[each]?.name === label.toLowerCase()) || "";
  if (!known) return <>@{label}</>;
  const name = desk.users[known] ? nameOf(desk, known) : label || known;
  return <span class={known === desk.user ? "pill me" : "pill"}>@{name}</span>;
}

export function ChannelName({ id, label = "" }: { id: string; label?: string }) {
  const { channels, select } = useDesk();
  const channel = channels.find((each) => (id ? each.id === id : each.name === label));
  if (!channel) return <>#{label || id}</>;
  return (
    <button type="button" class="pill" onClick={() => select({ channel: channel.id, thread: undefined })}>
      #{channel.name}
    </button>
  );
}

interface Dated {
  at: number;
  template: string;
  url?: string;
  fallback: string;
}

export function When(given: Dated) {
  const { watch } = useDesk();
  return given.template.includes("{ago}") ? <Ago {...given} /> : <Instant {...given} watch={watch} />;
}

/** What has to be said anew each minute. */
function Ago(given: Dated) {
  const { watch, ahead } = useDesk();
  const now = useNow(60, ahead);
  return <Instant {...given} watch={{ ...watch, now }} />;
}

function Instant({ at, template, url = "", fallback, watch }: Dated & { watch: Watch }) {
  const said = dated(at, template, watch);
  if (said === null) return <>{fallback}</>;
  return (
    <Link url={url}>
      <time dateTime={new Date(at * 1000).toISOString()} title={fully(at, watch)}>
        {said}
      </time>
    </Link>
  );
}

/** What this pane does not know is seen, never dropped. */
export function Undrawable({ what }: { what: string }) {
  return <span class="undrawable">cannot be drawn: {what}</span>;
}
