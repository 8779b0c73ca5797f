// The buttons under a message, in their rows, each marked by what it does as the apps mark it.

import { useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";
import { pressOf, STYLES } from "./keyboards";
import type { Key, Message } from "./shapes";
import { useViewing } from "./viewing";

const SIGNS: Partial<Record<ReturnType<typeof pressOf>["kind"], IconName>> = {
  url: "link",
  copy: "copy",
  inline: "at",
};

export function Keyboard({ message, rows }: { message: Message; rows: Key[][] }) {
  return (
    <div class="tg-keyboard" role="group" aria-label="Buttons of the message">
      {rows.map((row, at) => (
        <div class="tg-keys" key={at}>
          {row.map((key, place) => (
            <OneKey key={`${place} ${key.callback_data ?? key.text}`} message={message} given={key} />
          ))}
        </div>
      ))}
    </div>
  );
}

function OneKey({ message, given }: { message: Message; given: Key }) {
  const { press } = useViewing();
  const [waiting, setWaiting] = useState(false);
  const does = pressOf(given);
  const sign = SIGNS[does.kind];
  const style = given.style && STYLES.has(given.style) ? ` ${given.style}` : "";
  const label = (
    <>
      <span>{given.text}</span>
      {sign && <Icon name={sign} />}
      {waiting && <span class="tg-spinner" />}
    </>
  );
  if (does.kind === "unknown") return <span class="tg-key tg-broken">cannot be drawn: {does.name}</span>;
  if (does.kind === "url") {
    return (
      <a class={`tg-key${style}`} href={does.url} title={does.url} target="_blank" rel="noopener noreferrer">
        {label}
      </a>
    );
  }
  const go = async () => {
    if (waiting) return;
    setWaiting(true);
    await press(message, given);
    setWaiting(false);
  };
  return (
    <button
      type="button"
      class={`tg-key${style}`}
      aria-disabled={does.kind === "disabled"}
      aria-busy={waiting}
      onClick={() => (does.kind === "disabled" ? undefined : void go())}
    >
      {label}
    </button>
  );
}
