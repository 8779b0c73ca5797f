// The three panes side by side, each in its frame, with what the tour has to say above it.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { useNow } from "./clock";
import { Guarded } from "./guarded";
import { MarketplacePane } from "./marketplace/pane";
import type { ClockState, MarketplaceState, Side } from "./shapes";
import { SlackPane } from "./slack/pane";
import type { PageState, PaneProps } from "./state";
import { TelegramPane } from "./telegram/pane";
import type { Points } from "./tour/steps";

const FRAMES: [side: Side, title: string, tagline: string][] = [
  ["marketplace", "Marketplace", "where buyers write"],
  ["slack", "Slack", "where the team answers"],
  ["telegram", "Telegram", "where they answer on the road"],
];

export function ThreePanes({ state, points }: { state: PageState; points: Points }) {
  const { marketplace, slack, telegram, clock } = state.known.panes;
  const ahead = clock?.ahead ?? 0;
  // A pane is drawn anew when its own door says something else, not whenever another's does.
  const drawn = {
    marketplace: useMemo(
      () => marketplace && <Market pane={marketplace} clock={clock} {...given(state, "marketplace", ahead)} />,
      [state, marketplace, clock, ahead],
    ),
    slack: useMemo(() => slack && <SlackPane pane={slack} {...given(state, "slack", ahead)} />, [state, slack, ahead]),
    telegram: useMemo(
      () => telegram && <TelegramPane pane={telegram} {...given(state, "telegram", ahead)} />,
      [state, telegram, ahead],
    ),
  };
  return (
    <div class="panes">
      {FRAMES.map(([side, title, tagline]) => (
        <Frame key={side} side={side} title={title} says={points[side]?.says} tagline={tagline}>
          <Guarded of={state.known.panes[side]}>{drawn[side] ?? <p class="pane-wait quiet">Opening…</p>}</Guarded>
        </Frame>
      ))}
    </div>
  );
}

function given(state: PageState, side: Side, ahead: number): Omit<PaneProps<never>, "pane"> {
  return {
    act: state.act,
    ahead,
    select: (to) => void state.select(side, to),
    older: () => void state.older(side),
  };
}

interface MarketProps extends PaneProps<MarketplaceState> {
  clock: ClockState | undefined;
}

/** Its times are said as of the minute, so it is drawn again now and then. */
function Market({ clock, ...props }: MarketProps) {
  return <MarketplacePane now={useNow(clock, 20_000)} {...props} />;
}

interface FrameProps {
  side: Side;
  title: string;
  tagline: string;
  /** What the tour has to say here, in place of the tagline. */
  says: string | undefined;
  children: ComponentChildren;
}

function Frame({ side, title, tagline, says, children }: FrameProps) {
  return (
    <section class={`pane pane-${side}`} aria-labelledby={`${side}-title`} data-pane={side}>
      <div class="pane-head">
        <h2 id={`${side}-title`}>{title}</h2>
        {says ? <p class="pane-caption">{says}</p> : <p>{tagline}</p>}
      </div>
      <div class="pane-box">{children}</div>
    </section>
  );
}
