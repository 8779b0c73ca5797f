// A rich_text block: what somebody typed, as Slack's own editor keeps it.

import type { ComponentChildren } from "preact";
import { ChannelName, Emoji, Link, Person, Undrawable, When } from "./drawing";
import { emoji } from "./emoji";
import type { RichElement } from "./shapes";

export function RichText({ elements }: { elements: readonly RichElement[] }) {
  return (
    <div class="rich said">
      {elements.map((element, index) => (
        <Part key={index} of={element} />
      ))}
    </div>
  );
}

function Part({ of }: { of: RichElement }) {
  const inside = (of.elements ?? []).map((element, index) => <Leaf key={index} of={element} />);
  switch (of.type) {
    case "rich_text_section":
      return <p>{inside}</p>;
    case "rich_text_quote":
      return <blockquote>{inside}</blockquote>;
    case "rich_text_preformatted":
      return <pre>{inside}</pre>;
    case "rich_text_list":
      return <List of={of} />;
    default:
      return <Undrawable what={of.type} />;
  }
}

function List({ of }: { of: RichElement }) {
  const items = (of.elements ?? []).map((element, index) => (
    <li key={index}>
      <Part of={element} />
    </li>
  ));
  const indent = `indent-${Math.min(of.indent ?? 0, 8)}`;
  if (of.style !== "ordered") return <ul class={indent}>{items}</ul>;
  return (
    <ol class={indent} start={(of.offset ?? 0) + 1}>
      {items}
    </ol>
  );
}

export function Leaf({ of }: { of: RichElement }) {
  return <Styled style={typeof of.style === "object" ? of.style : {}}>{leaf(of)}</Styled>;
}

function leaf(of: RichElement): ComponentChildren {
  switch (of.type) {
    case "text":
      return of.text ?? "";
    case "link":
      return <Link url={of.url ?? ""}>{of.text || of.url}</Link>;
    case "emoji":
      return <Emoji name={`:${of.name}:`} sign={signOf(of)} />;
    case "user":
      return <Person id={of.user_id ?? ""} />;
    case "channel":
      return <ChannelName id={of.channel_id ?? ""} />;
    case "usergroup":
      return <span class="pill">@{of.usergroup_id}</span>;
    case "broadcast":
      return <span class="pill me">@{of.range}</span>;
    case "date":
      return (
        <When
          at={of.timestamp ?? Number.NaN}
          template={of.format ?? ""}
          url={of.url ?? ""}
          fallback={of.fallback ?? ""}
        />
      );
    case "color":
      return of.value ?? "";
    default:
      return <Undrawable what={of.type} />;
  }
}

function signOf({ name = "", unicode }: RichElement): string {
  if (!unicode) return emoji(name) ?? `:${name}:`;
  const codes = unicode.split("-").map((code) => Number.parseInt(code, 16));
  return codes.every((code) => code > 0 && code <= 0x10ffff) ? String.fromCodePoint(...codes) : `:${name}:`;
}

function Styled({
  style,
  children,
}: {
  style: Exclude<RichElement["style"], string | undefined>;
  children: ComponentChildren;
}) {
  if (style.code) return <code>{children}</code>;
  let drawn = children;
  if (style.bold) drawn = <strong>{drawn}</strong>;
  if (style.italic) drawn = <em>{drawn}</em>;
  if (style.strike) drawn = <s>{drawn}</s>;
  if (style.underline) drawn = <u>{drawn}</u>;
  return <>{drawn}</>;
}
