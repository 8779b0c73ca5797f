// Elements of which one or several options are picked: lists, radio buttons, checkboxes.

import { useId } from "preact/hooks";
import { nameOf, useDesk } from "./desk";
import { Text } from "./drawing";
import { type Item, Menu } from "./menu";
import type { Element, Option } from "./shapes";
import type { Value } from "./surface";
import { isMany, optionsOf } from "./values";

export interface Control {
  element: Element;
  value: Value;
  change: (value: Value) => void;
  /** Of the element that is labelled and described by the block around it. */
  id?: string | undefined;
  label?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean;
}

export function Select({ element, value, change, id, label, describedBy }: Control) {
  const items = useItems(element, value);
  const several = isMany(element);
  const picked = items.filter((item) => item.picked);
  const hint = element.placeholder?.text ?? (several ? "Select options" : "Select an option");
  const choose = (key: string) => change(several ? toggled(asList(value), key) : key);
  const face = (
    <>
      <span class={picked.length > 0 ? "picked" : "hint"}>
        {picked.length > 0 ? picked.map((item) => <span key={item.key}>{item.label}</span>) : hint}
      </span>
      <span class="arrow" aria-hidden="true" />
    </>
  );
  const spoken = `${label ?? hint}${picked.length > 0 ? `: ${picked.map((item) => item.words).join(", ")}` : ""}`;
  return (
    <Menu
      id={id}
      class={several ? "select several" : "select"}
      kind={several ? "several" : "options"}
      label={spoken}
      describedBy={describedBy}
      face={face}
      items={items}
      choose={choose}
    />
  );
}

/** The options of a list; of one of people or channels those that there are. */
function useItems(element: Element, value: Value): Item[] {
  const desk = useDesk();
  const picked = asList(value);
  if (element.type.endsWith("users_select")) {
    return Object.keys(desk.users).map((id) => named(id, nameOf(desk, id), picked));
  }
  if (element.type === "channels_select" || element.type === "conversations_select") {
    return desk.channels.map((channel) => named(channel.id, `#${channel.name}`, picked));
  }
  const groups = element.option_groups ?? [{ label: undefined, options: element.options ?? [] }];
  return groups.flatMap((group) =>
    group.options.map((option) => ({
      key: option.value,
      words: option.text.text,
      label: <OptionFace option={option} />,
      picked: picked.includes(option.value),
      ...(group.label ? { group: group.label.text } : {}),
    })),
  );
}

function named(key: string, words: string, picked: readonly string[]): Item {
  return { key, words, label: words, picked: picked.includes(key) };
}

function OptionFace({ option }: { option: Option }) {
  return (
    <>
      <Text of={option.text} />
      {option.description && (
        <small>
          <Text of={option.description} />
        </small>
      )}
    </>
  );
}

/** Radio buttons or checkboxes, with a group's name for whoever does not see what they stand under. */
export function Choices({ element, value, change, label, describedBy }: Control) {
  const name = useId();
  const many = isMany(element);
  const picked = asList(value);
  return (
    <fieldset class="choices" aria-label={label} aria-describedby={describedBy}>
      {optionsOf(element).map((option) => (
        <label key={option.value}>
          <input
            type={many ? "checkbox" : "radio"}
            name={name}
            checked={picked.includes(option.value)}
            onChange={() => change(many ? toggled(picked, option.value) : option.value)}
          />
          <span>
            <OptionFace option={option} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function asList(value: Value): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each): each is string => typeof each === "string");
}

const toggled = (list: readonly string[], key: string): string[] =>
  list.includes(key) ? list.filter((each) => each !== key) : [...list, key];
