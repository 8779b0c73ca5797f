// A view as a surface: what is typed into it is kept here, across its redraws, until it is sent or closed.

import { useMemo, useState } from "preact/hooks";
import { useDesk, useDraft } from "./desk";
import type { Element, View } from "./shapes";
import { keyOf, type Surface, type Value } from "./surface";
import { kept } from "./values";

type Draft = Readonly<Record<string, Value>>;
type Faults = Readonly<Record<string, string>>;

export interface ViewSurface {
  surface: Surface;
  /** What was typed or picked in the fields that the view has now. */
  values: Record<string, Value>;
  setFaults: (faults: Faults) => void;
}

export function useViewSurface(view: View): ViewSurface {
  const { act, user } = useDesk();
  const [draft, setDraft] = useDraft<Draft>(view.id, {});
  const [faults, setFaults] = useState<Faults>({});
  const values = Object.fromEntries(
    view.blocks.flatMap((block) => {
      const key = block.element ? keyOf(block.block_id ?? "", block.element) : "";
      return key in draft ? [[key, draft[key] ?? null]] : [];
    }),
  );
  const surface = useMemo(
    () => ({
      given: (block: string, element: Element) => {
        const typed = draft[keyOf(block, element)];
        return typed === undefined ? kept(view.state?.values[block]?.[element.action_id ?? ""]) : typed;
      },
      press: async (block: string, element: Element, value: Value) => {
        if (element.type !== "button" && element.type !== "overflow") {
          setDraft((before) => ({ ...before, [keyOf(block, element)]: value }));
        }
        const given = { user, view: view.id, action: element.action_id, value };
        const heard = await act(
          "/slack/hands/click_view",
          Object.keys(values).length > 0 ? { ...given, values } : given,
        );
        return heard?.result === true;
      },
      enter: (block: string, element: Element, value: Value) => {
        setDraft((before) => ({ ...before, [keyOf(block, element)]: value }));
        setFaults(({ [block]: _, ...others }) => others);
      },
      faults,
    }),
    [act, user, view, draft, faults],
  );
  return { surface, values, setFaults };
}
