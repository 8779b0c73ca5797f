// Every element that a block may hold, by its type; one that is not known is said to be.

import type { JSX } from "preact";
import { FileInput } from "./attaching";
import { Text, Undrawable } from "./drawing";
import { Choices, type Control, Select } from "./picking";
import { Picture } from "./picture";
import { Overflow, PressButton, usePress } from "./pressing";
import type { Element, TextObject } from "./shapes";
import { useSurface, type Value } from "./surface";
import { tableOf } from "./table-of";
import { InstantPicker, Typed } from "./typing";
import { initial } from "./values";

const CONTROLS = tableOf<(props: Control) => JSX.Element>({
  plain_text_input: Typed,
  number_input: Typed,
  email_text_input: Typed,
  url_text_input: Typed,
  datepicker: Typed,
  timepicker: Typed,
  datetimepicker: InstantPicker,
  file_input: FileInput,
  radio_buttons: Choices,
  checkboxes: Choices,
  static_select: Select,
  users_select: Select,
  channels_select: Select,
  conversations_select: Select,
  multi_static_select: Select,
  multi_users_select: Select,
});

/** What a field is called that the app gave no name. */
const NAMES = tableOf<string>({
  checkboxes: "Options",
  datepicker: "Day",
  datetimepicker: "Day and time",
  radio_buttons: "Options",
  timepicker: "Time",
});

/** An element that acts at once: in a section, an actions block, or beside words in a context. */
export function Acting({ element, block }: { element: Element; block: string }) {
  switch (element.type) {
    case "button":
      return <PressButton element={element} block={block} />;
    case "overflow":
      return <Overflow element={element} block={block} />;
    case "image":
      return <Picture of={element} />;
    case "plain_text":
    case "mrkdwn":
      return (
        <span class="said">
          <Text of={element as unknown as TextObject} />
        </span>
      );
    default:
      return CONTROLS.has(element.type) ? (
        <Picking element={element} block={block} />
      ) : (
        <Undrawable what={element.type} />
      );
  }
}

function Picking({ element, block }: { element: Element; block: string }) {
  const surface = useSurface();
  const [, press] = usePress({ element, block });
  const value = surface.given(block, element) ?? initial(element);
  return (
    <Field
      element={element}
      value={value}
      change={(to: Value) => void press(to)}
      label={element.placeholder?.text ?? NAMES.get(element.type) ?? ""}
    />
  );
}

/** An element whose value is kept: until a form is sent, or as it was picked. */
export function Field(props: Control) {
  const Drawn = CONTROLS.get(props.element.type);
  return Drawn ? <Drawn {...props} /> : <Undrawable what={props.element.type} />;
}
