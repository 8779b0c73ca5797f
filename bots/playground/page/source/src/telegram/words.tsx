// Text with its entities, as the apps draw them. Built of nodes: what somebody wrote is never markup.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { dateTime, whole } from "./dates";
import { type Block, type Node, type Span, toBlocks, toTree } from "./entities";
import { addressOf } from "./links";
import type { Entity } from "./shapes";
import { useEverySecond, useViewing } from "./viewing";

export function Words({ text, entities }: { text: string; entities: readonly Entity[] }) {
  const { nodes, broken } = toTree(text, entities);
  return (
    <div class="tg-words" dir="auto">
      <Blocks blocks={toBlocks(nodes)} />
      {broken.map((entity) => (
        <CannotBeDrawn key={`${entity.type} ${entity.offset}`} what={`${entity.type} outside of the text`} />
      ))}
    </div>
  );
}

export function CannotBeDrawn({ what }: { what: string }) {
  return <strong class="tg-broken">cannot be drawn: {what}</strong>;
}

function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <>
      {blocks.map((block, at) => {
        if (block.kind === "block") return <Piece key={at} span={block.span} />;
        return (
          <p key={at} dir="auto">
            <Nodes nodes={block.nodes} />
          </p>
        );
      })}
    </>
  );
}

function Nodes({ nodes }: { nodes: readonly Node[] }) {
  return <>{nodes.map((node, at) => (typeof node === "string" ? node : <Piece key={at} span={node} />))}</>;
}

const PLAIN: Record<string, (children: ComponentChildren) => JSX.Element> = {
  bold: (children) => <b>{children}</b>,
  italic: (children) => <i>{children}</i>,
  underline: (children) => <u>{children}</u>,
  strikethrough: (children) => <s>{children}</s>,
  code: (children) => <code>{children}</code>,
  mention: (children) => <span class="tg-link">{children}</span>,
  text_mention: (children) => <span class="tg-link tg-mention">{children}</span>,
  hashtag: (children) => <span class="tg-link">{children}</span>,
  cashtag: (children) => <span class="tg-link">{children}</span>,
  phone_number: (children) => <span class="tg-link">{children}</span>,
  bank_card_number: (children) => <span class="tg-link">{children}</span>,
};

function Piece({ span }: { span: Span }) {
  const { entity, inside } = span;
  const plain = PLAIN[entity.type];
  if (plain) return plain(<Nodes nodes={inside} />);
  switch (entity.type) {
    case "spoiler":
      return <Spoiler span={span} />;
    case "pre":
      return <Code span={span} />;
    case "blockquote":
      return (
        <blockquote>
          <Blocks blocks={toBlocks(inside)} />
        </blockquote>
      );
    case "expandable_blockquote":
      return <Expandable span={span} />;
    case "url":
    case "email":
    case "text_link":
      return <Link span={span} />;
    case "custom_emoji":
      // Its picture is on Telegram's servers; every one has an emoji to stand for it.
      return (
        <span class="tg-custom-emoji" title={`Custom emoji ${entity.custom_emoji_id ?? ""}`}>
          <Nodes nodes={inside} />
        </span>
      );
    case "bot_command":
      return <BotCommand span={span} />;
    case "date_time":
      return <Instant span={span} />;
    default:
      return (
        <span class="tg-broken">
          cannot be drawn: {entity.type} <Nodes nodes={inside} />
        </span>
      );
  }
}

function Link({ span }: { span: Span }) {
  const address = addressOf(span.entity, span.text);
  if (address === null) {
    return (
      <span class="tg-broken">
        cannot be drawn: a link to {span.entity.url ?? span.text} <Nodes nodes={span.inside} />
      </span>
    );
  }
  // A `tg:` address is opened by the app itself, and nothing on this machine should try.
  if (address.startsWith("tg:")) {
    return (
      <span class="tg-link" title={address}>
        <Nodes nodes={span.inside} />
      </span>
    );
  }
  return (
    <a class="tg-link" href={address} title={address} target="_blank" rel="noopener noreferrer">
      <Nodes nodes={span.inside} />
    </a>
  );
}

/** A tap sends it, as in the app. */
function BotCommand({ span }: { span: Span }) {
  const { say } = useViewing();
  return (
    <button type="button" class="tg-link" title="Send this command" onClick={() => say(span.text)}>
      <Nodes nodes={span.inside} />
    </button>
  );
}

function Instant({ span }: { span: Span }) {
  const { zone, ahead } = useViewing();
  const { unix_time: unix = 0, date_time_format: format = "" } = span.entity;
  const said = useEverySecond(() => dateTime(unix, format, { zone, now: Date.now() + ahead }));
  if (said === undefined) return <CannotBeDrawn what={`date_time format ${format}`} />;
  return (
    <time class="tg-time" dateTime={new Date(unix * 1000).toISOString()} title={whole(unix, zone)}>
      {said ?? <Nodes nodes={span.inside} />}
    </time>
  );
}

function Spoiler({ span }: { span: Span }) {
  const [shown, setShown] = useState(false);
  if (shown) {
    return (
      <span class="tg-spoiler shown">
        <Nodes nodes={span.inside} />
      </span>
    );
  }
  return (
    <button type="button" class="tg-spoiler" aria-label="Hidden text. Show it" onClick={() => setShown(true)}>
      <span aria-hidden="true" inert>
        <Nodes nodes={span.inside} />
      </span>
    </button>
  );
}

function Code({ span }: { span: Span }) {
  const { language } = span.entity;
  return (
    <div class="tg-pre">
      {language && <span class="tg-language">{language}</span>}
      <pre>
        <Nodes nodes={span.inside} />
      </pre>
    </div>
  );
}

const SHORT_LINES = 3; // what the apps show of a collapsed quote
const LINE_LENGTH = 48;

/** Longer than three lines as a bubble breaks them, near enough to know without measuring. */
function isLong(text: string): boolean {
  const lines = text.split("\n").map((line) => Math.max(1, Math.ceil(line.length / LINE_LENGTH)));
  return lines.reduce((sum, count) => sum + count, 0) > SHORT_LINES;
}

function Expandable({ span }: { span: Span }) {
  const [open, setOpen] = useState(false);
  const long = isLong(span.text);
  return (
    <blockquote class={long ? (open ? "long open" : "long") : ""}>
      <div class="tg-quoted">
        <Blocks blocks={toBlocks(span.inside)} />
      </div>
      {long && (
        <button type="button" class="tg-expand" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? "Show less" : "Show all"}
        </button>
      )}
    </blockquote>
  );
}
