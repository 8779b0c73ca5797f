// The bar under the panes: the clock that can be moved, and in a word how everything stands.

import { useNow } from "../clock";
import type { Act } from "../hands";
import { Icon } from "../icons";
import type { Panes } from "../shapes";
import { countdown, dayAndTime, span, toTheSecond } from "../time";
import { KINDS, percent } from "./words";

const MOVES: [label: string, seconds: number][] = [
  ["15 min", 900],
  ["1 h", 3_600],
  ["4 h", 14_400],
  ["1 day", 86_400],
  ["7 days", 7 * 86_400],
  ["61 days", 61 * 86_400],
];

export function Deck({ panes, act }: { panes: Partial<Panes>; act: Act }) {
  return (
    <div class="deck">
      <Clock panes={panes} act={act} />
      <Standings panes={panes} />
    </div>
  );
}

function Clock({ panes, act }: { panes: Partial<Panes>; act: Act }) {
  const { clock } = panes;
  const now = useNow(clock);
  return (
    <section class="deck-clock" aria-labelledby="clock-title">
      <h2 id="clock-title" class="unseen">
        Clock
      </h2>
      <p class="deck-face">
        <time class="number" dateTime={new Date(now).toISOString()}>
          <b>{dayAndTime(now).split(",")[0]}</b> {toTheSecond(now)}
        </time>
        <span class="quiet">
          {clock && clock.ahead >= 1 ? `${span(clock.ahead * 1000)} ahead` : "the machine's own time"}
        </span>
      </p>
      <div class="deck-moves" role="group" aria-label="Set the clock forward by">
        <span aria-hidden="true">Set forward</span>
        {MOVES.map(([label, seconds]) => (
          <button type="button" key={label} disabled={!clock?.movable} onClick={() => act("/clock/move", { seconds })}>
            +{label}
          </button>
        ))}
      </div>
    </section>
  );
}

function Standings({ panes }: { panes: Partial<Panes> }) {
  const now = useNow(panes.clock);
  const { rates, faults, wire } = panes;
  const owed = rates?.open?.obligations ?? [];
  const count = `${owed.length}${rates?.open?.cursor ? " or more" : ""}`;
  const next = owed.find((each) => each.due)?.due;
  const on = faults?.menu.filter((fault) => fault.on).length ?? 0;
  return (
    <ul class="standings" aria-label="How it stands">
      {rates?.rates?.rates.map((each) => (
        <Standing key={each.of} to="rates" name={KINDS[each.of]} mood={each.rate.band ?? ""}>
          {percent(each.rate.percent)}
        </Standing>
      ))}
      <Standing to="rates" name={`${count} open, next`} mood={next && Date.parse(next) - now < 3_600_000 ? "red" : ""}>
        {next ? countdown(Date.parse(next) - now) : "–"}
      </Standing>
      <Standing to="faults" name="Faults" mood={on ? "orange" : ""}>
        {on ? `${on} on` : "none"}
      </Standing>
      <Standing to="wire" name={`${wire?.last ?? 0} calls`} mood={wire?.problems ? "red" : ""}>
        {wire?.problems === 1 ? "1 problem" : `${wire?.problems ?? 0} problems`}
      </Standing>
    </ul>
  );
}

interface StandingProps {
  to: string;
  name: string;
  mood: string;
  children: preact.ComponentChildren;
}

function Standing({ to, name, mood, children }: StandingProps) {
  return (
    <li>
      <button
        type="button"
        class={`standing mood-${mood}`}
        onClick={() => document.getElementById(`${to}-title`)?.scrollIntoView({ block: "start" })}
      >
        <span>{name}</span>
        <b class="number">{children}</b>
        <Icon name="down" />
      </button>
    </li>
  );
}
