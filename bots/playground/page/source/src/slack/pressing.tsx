// Buttons, and lists that do something at once.

import { useState } from "preact/hooks";
import { useDesk } from "./desk";
import { Text } from "./drawing";
import { Menu } from "./menu";
import { isLink } from "./sequences";
import type { Element } from "./shapes";
import { useSurface, type Value } from "./surface";
import { optionsOf } from "./values";

type Fate = "idle" | "pressed" | "unheard";

interface Given {
  element: Element;
  block: string;
}

/** Presses an element once at a time, after its question if it has one. */
export function usePress({ element, block }: Given): [Fate, (value: Value) => Promise<void>] {
  const { ask } = useDesk();
  const surface = useSurface();
  const [fate, setFate] = useState<Fate>("idle");
  const press = async (value: Value) => {
    if (fate === "pressed" || (element.confirm && !(await ask(element.confirm)))) return;
    setFate("pressed");
    setFate((await surface.press(block, element, value)) ? "idle" : "unheard");
  };
  return [fate, press];
}

export function PressButton({ element, block }: Given) {
  const [fate, press] = usePress({ element, block });
  const look = `button${element.style ? ` ${element.style}` : ""}`;
  const face = (
    <>
      <Text of={element.text} />
      {fate === "unheard" && (
        <span class="unheard" role="img" aria-label="The app did not answer" title="The app did not answer">
          ⚠
        </span>
      )}
    </>
  );
  if (element.url && isLink(element.url)) {
    return (
      <a
        class={look}
        href={element.url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={element.accessibility_label}
        onClick={() => void press(null)}
      >
        {face}
      </a>
    );
  }
  return (
    <button
      type="button"
      class={look}
      aria-label={element.accessibility_label}
      aria-busy={fate === "pressed"}
      onClick={() => void press(element.value ?? null)}
    >
      {face}
    </button>
  );
}

export function Overflow({ element, block }: Given) {
  const [, press] = usePress({ element, block });
  const items = optionsOf(element).map((option) => ({
    key: option.value,
    words: option.text.text,
    label: <Text of={option.text} />,
    ...(option.url && isLink(option.url) ? { url: option.url } : {}),
  }));
  return (
    <Menu
      class="button overflow"
      label="More actions"
      face={<span aria-hidden="true">⋯</span>}
      items={items}
      choose={(key) => void press(key)}
    />
  );
}
