// Where blocks stand, a message or a view, decides what a press does and where what is typed is kept.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Element } from "./shapes";

/** A file as Slack tells of it. */
export interface Uploaded extends Record<string, unknown> {
  id: string;
  name: string;
  size: number;
}

/** What stands in an element: a text, the value of an option, an instant, several values, files; null is nothing. */
export type Value = string | number | readonly string[] | readonly Uploaded[] | null;

export interface Surface {
  /** A value that was picked here and not sent as part of a form; undefined if nobody did. */
  readonly given: (block: string, element: Element) => Value | undefined;
  /** Presses an element, or sends what was picked in it; resolves to whether the app heard. */
  readonly press: (block: string, element: Element, value: Value) => Promise<boolean>;
  /** Keeps what was typed or picked in an input block until the form is sent. */
  readonly enter: (block: string, element: Element, value: Value) => void;
  /** What is wrong with an input block, by its id. */
  readonly faults: Readonly<Record<string, string>>;
}

const Context = createContext<Surface | null>(null);
export const SurfaceProvider = Context.Provider;

export function useSurface(): Surface {
  const surface = useContext(Context);
  if (surface === null) throw new Error("An element outside of a message or view.");
  return surface;
}

export const keyOf = (block: string, element: Element): string => `${block}/${element.action_id ?? ""}`;
