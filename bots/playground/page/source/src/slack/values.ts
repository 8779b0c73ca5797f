// What stands in an element: as the app gave it, as Slack keeps it, and as a hand takes it.

import type { Element, Entry, Option } from "./shapes";
import type { Uploaded, Value } from "./surface";

export function optionsOf(element: Element): Option[] {
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
}

export const isMany = (element: Element): boolean =>
  ["checkboxes", "file_input"].includes(element.type) || element.type.startsWith("multi_");

/** What the app put into an element that nobody has touched. */
export function initial(element: Element): Value {
  if (isMany(element)) {
    return element.initial_users ?? element.initial_options?.map((option) => option.value) ?? [];
  }
  return (
    element.initial_value ??
    element.initial_option?.value ??
    element.initial_date ??
    element.initial_time ??
    element.initial_date_time ??
    element.initial_user ??
    element.initial_channel ??
    element.initial_conversation ??
    null
  );
}

/** What a view's `state` says of an element; undefined if it says nothing. */
export function kept(entry: Entry | undefined): Value | undefined {
  if (!entry) return undefined;
  const value = Object.entries(entry).find(([name]) => name !== "type")?.[1];
  if (value === undefined) return undefined;
  if (entry.type === "file_input") return (value as Uploaded[] | null) ?? [];
  if (Array.isArray(value)) return value.map(plainly);
  return typeof value === "number" ? value : value === null ? null : plainly(value);
}

function plainly(value: unknown): string {
  return typeof value === "object" && value !== null ? String((value as Option).value) : String(value);
}
