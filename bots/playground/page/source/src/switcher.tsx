// On a phone one part of the page is in view at a time; this chooses which, and marks where something new stands.

import { useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";
import type { Panes } from "./shapes";

export const PARTS = ["marketplace", "slack", "telegram", "controls"] as const;

export type Part = (typeof PARTS)[number];

const LABELS: Record<Part, [label: string, icon: IconName]> = {
  marketplace: ["Marketplace", "shop"],
  slack: ["Slack", "hash"],
  telegram: ["Telegram", "plane"],
  controls: ["Clock & rates", "gauge"],
};

interface SwitcherProps {
  panes: Partial<Panes>;
  shown: Part;
  show: (part: Part) => void;
}

export function Switcher({ panes, shown, show }: SwitcherProps) {
  const seen = useRef<Partial<Record<Part, string | undefined>>>({});
  for (const part of PARTS) {
    const newest = newestOf(panes, part);
    if (part === shown || seen.current[part] === undefined) seen.current[part] = newest;
  }
  return (
    <nav class="switcher" aria-label="Parts of the page">
      {PARTS.map((part) => {
        const [label, icon] = LABELS[part];
        const fresh = seen.current[part] !== newestOf(panes, part);
        return (
          <button
            type="button"
            key={part}
            aria-current={part === shown ? "true" : undefined}
            onClick={() => show(part)}
          >
            <Icon name={icon} />
            {label}
            {fresh && (
              <span class="switcher-fresh">
                <span class="unseen">, something new</span>
              </span>
            )}
          </button>
        );
      })}
    </nav>
  );
}

/** Names the newest thing in a part, so that another name means news; undefined while the part is unknown. */
function newestOf(panes: Partial<Panes>, part: Part): string | undefined {
  if (part === "controls") return panes.faults && "";
  if (part === "slack") return panes.slack && String(panes.slack.messages.at(-1)?.ts);
  if (part === "telegram") return panes.telegram && String(panes.telegram.messages.at(-1)?.message_id);
  return panes.marketplace && String(panes.marketplace.messages.at(-1)?.id);
}
