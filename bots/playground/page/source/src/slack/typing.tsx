// Elements that are typed into: text, numbers, days and times.

import { useDesk } from "./desk";
import type { Control } from "./picking";

// Preact's types tell kinds of fields apart by the lists they may have, and ours have none.
const KINDS = {
  number_input: "number",
  email_text_input: "email",
  url_text_input: "url",
  datepicker: "date",
  timepicker: "time",
} as unknown as Readonly<Record<string, "text">>;
const NEARLY = 0.9; // of what fits, from which on Slack counts what is left

export function Typed({ element, value, change, id, label, describedBy, invalid }: Control) {
  const text = value === null ? "" : String(value);
  const most = element.max_length ?? 3000;
  const shared = {
    value: text,
    ...(id ? { id } : { "aria-label": label ?? "" }),
    ...(element.placeholder ? { placeholder: element.placeholder.text } : {}),
    ...(describedBy ? { "aria-describedby": describedBy } : {}),
    "aria-invalid": invalid === true,
  };
  if (element.type === "plain_text_input" && element.multiline) {
    return (
      <span class="typed">
        <textarea {...shared} rows={4} onInput={(event) => change(event.currentTarget.value)} />
        <Left typed={text} most={most} />
      </span>
    );
  }
  return (
    <span class="typed">
      <input
        {...shared}
        type={KINDS[element.type] ?? "text"}
        {...(element.min_value ? { min: element.min_value } : {})}
        {...(element.max_value ? { max: element.max_value } : {})}
        {...(element.is_decimal_allowed ? { step: "any" } : {})}
        // A day or time that is half typed is empty, and empty is none.
        onInput={(event) => change(event.currentTarget.value || (element.type in KINDS ? null : ""))}
      />
      <Left typed={text} most={most} />
    </span>
  );
}

function Left({ typed, most }: { typed: string; most: number }) {
  const left = most - typed.length;
  if (left > most * (1 - NEARLY)) return null;
  return <span class={left < 0 ? "left over" : "left"}>{left}</span>;
}

/** An instant, typed on the wall of whoever types. */
export function InstantPicker({ value, change, id, label, describedBy, invalid }: Control) {
  const { watch } = useDesk();
  return (
    <span class="typed">
      <input
        type="datetime-local"
        {...(id ? { id } : { "aria-label": label ?? "" })}
        {...(describedBy ? { "aria-describedby": describedBy } : {})}
        value={typeof value === "number" ? wall(value, watch.zone) : ""}
        aria-invalid={invalid === true}
        onInput={(event) => change(instant(event.currentTarget.value, watch.zone))}
      />
    </span>
  );
}

/** `2026-11-26T14:30` of an instant, in a zone. */
export function wall(at: number, zone: string): string {
  const options = { timeZone: zone, dateStyle: "short", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat("sv-SE", options).format(at * 1000).replace(" ", "T");
}

/** The instant at which that stands on the wall of a zone; null for what is no time. */
export function instant(typed: string, zone: string): number | null {
  const asUtc = Date.parse(`${typed}Z`);
  if (Number.isNaN(asUtc)) return null;
  const shift = (at: number) => Date.parse(`${wall(at / 1000, zone)}Z`) - Math.floor(at / 60_000) * 60_000;
  const guess = asUtc - shift(asUtc);
  return Math.floor((asUtc - shift(guess)) / 1000);
}
