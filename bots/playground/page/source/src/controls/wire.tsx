// Every call between Shopbell and the stand-ins, the newest on top, with what the strict checks found wrong with it.

import { useState } from "preact/hooks";
import type { Side, WireCall, WireState } from "../shapes";
import { dayAndTime, toTheSecond } from "../time";
import { SIDES } from "./faults";

const DRAWN = 100;

type Filter = Side | "all" | "problems";

export function Wire({ wire }: { wire: WireState | undefined }) {
  const [filter, setFilter] = useState<Filter>("all");
  const [most, setMost] = useState(DRAWN);
  const calls = (wire?.calls ?? []).filter(
    (call) => filter === "all" || (filter === "problems" ? call.problems.length > 0 : call.side === filter),
  );
  const problems = wire?.problems ?? 0;
  const filters: [Filter, string][] = [
    ["all", "All"],
    ...(Object.entries(SIDES) as [Side, string][]),
    ["problems", `${problems} ${problems === 1 ? "problem" : "problems"}`],
  ];
  return (
    <section class="bench-part" aria-labelledby="wire-title">
      <h2 id="wire-title" tabIndex={-1}>
        On the wire
      </h2>
      <div class="wire-filters" role="group" aria-label="Show calls of">
        {filters.map(([value, label]) => (
          <button
            type="button"
            key={value}
            aria-pressed={filter === value}
            class={value === "problems" && problems ? "wire-wrong" : ""}
            onClick={() => setFilter(value)}
          >
            {label}
          </button>
        ))}
      </div>
      <p class="quiet wire-clock">The newest first, each with its time by the clock above.</p>
      <div class="bench-scroll">
        {calls.length === 0 && <p class="quiet">Nothing has been said here yet.</p>}
        <ol class="wire">
          {calls
            .slice(-most)
            .reverse()
            .map((call) => (
              <Call key={call.n} call={call} />
            ))}
        </ol>
        {calls.length > most && (
          <button type="button" class="plain-button" onClick={() => setMost(most + DRAWN)}>
            Earlier calls
          </button>
        )}
      </div>
    </section>
  );
}

function Call({ call }: { call: WireCall }) {
  const [open, setOpen] = useState(false);
  const at = call.at * 1000;
  const wrong = call.problems.length > 0 || call.status === null || call.status >= 400;
  return (
    <li class={wrong ? "call call-wrong" : "call"}>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <time class="number quiet" dateTime={new Date(at).toISOString()} title={dayAndTime(at)}>
            {toTheSecond(at)}
          </time>
          <span class={`bench-side bench-${call.side}`}>{SIDES[call.side]}</span>
          <span class="call-way">
            <span aria-hidden="true">{call.direction === "to" ? "←" : "→"}</span>
            <span class="unseen">{call.direction === "to" ? "Shopbell calls" : "Shopbell is told"}</span>
          </span>
          <span class="call-method">{call.method}</span>
          {call.problems.length > 0 && <span class="call-problems">{call.problems.length} wrong</span>}
          <span class="call-status number">{call.status ?? "no answer"}</span>
        </summary>
        {open && (
          <div class="call-inside">
            {call.problems.map((problem) => (
              <p key={problem} class="problem">
                {problem}
              </p>
            ))}
            <Body name="Request" value={call.request} />
            <Body name="Response" value={call.response} />
            {call.cut && <p class="quiet">It was longer, and is cut here.</p>}
          </div>
        )}
      </details>
    </li>
  );
}

function Body({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <h4>{name}</h4>
      <pre>{pretty(value)}</pre>
    </>
  );
}

/** JSON also where it comes as text. */
export function pretty(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
