// What can be made to go wrong, on each side, and how it heals.

import type { Act, Json } from "../hands";
import type { FaultsState, Side } from "../shapes";

export const SIDES: Record<Side, string> = { marketplace: "Marketplace", slack: "Slack", telegram: "Telegram" };

interface FaultsProps {
  faults: FaultsState | undefined;
  act: Act;
  /** What is in view, for faults that need to know which channel, chat or topic is meant. */
  target: (side: Side) => Json;
}

export function Faults({ faults, act, target }: FaultsProps) {
  return (
    <section class="bench-part" aria-labelledby="faults-title">
      <h2 id="faults-title" tabIndex={-1}>
        Faults
      </h2>
      <div class="bench-scroll">
        {(Object.keys(SIDES) as Side[]).map((side) => (
          <div class="bench-faults" key={side} role="group" aria-label={SIDES[side]}>
            <h3>
              <span class={`bench-side bench-${side}`}>{SIDES[side]}</span>
            </h3>
            <ul>
              {faults?.menu
                .filter((fault) => fault.side === side)
                .map((fault) => (
                  <Fault
                    key={fault.name}
                    fault={fault}
                    turn={(way) => act(`/page/faults/${fault.name}/${way}`, way === "on" ? target(side) : {})}
                  />
                ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

function Fault({ fault, turn }: { fault: FaultsState["menu"][number]; turn: (way: "on" | "off") => void }) {
  const id = `fault-${fault.name}`;
  // Its side stands above it already.
  const title = fault.title.replace(/^\w+: ./, (start) => start.slice(-1).toUpperCase());
  return (
    <li class={fault.on ? "bench-fault bench-fault-on" : "bench-fault"}>
      {fault.once ? (
        <button type="button" class="bench-fault-once" aria-describedby={`${id}-what`} onClick={() => turn("on")}>
          Do it<span class="unseen">: {title}</span>
        </button>
      ) : (
        <button
          type="button"
          role="switch"
          aria-checked={fault.on}
          aria-labelledby={id}
          aria-describedby={`${id}-what`}
          onClick={() => turn(fault.on ? "off" : "on")}
        >
          <span class="bench-fault-knob" aria-hidden="true" />
        </button>
      )}
      <p id={id}>
        <b>{title}</b>
      </p>
      <p id={`${id}-what`} class="quiet">
        {fault.what} <span class="bench-fault-healed">{fault.healed_by}</span>
      </p>
    </li>
  );
}
