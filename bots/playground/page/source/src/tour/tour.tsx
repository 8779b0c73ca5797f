// The strip of six steps. Each button does its step, then the panes say what came of it.

import "./tour.css";
import { useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import type { PageState } from "../state";
import { Guide, Stopped } from "./guide";
import { type Points, STEPS } from "./steps";

interface TourProps {
  state: PageState;
  point: (points: Points) => void;
}

export function Tour({ state, point }: TourProps) {
  const guide = useRef<Guide>(null);
  const [doing, setDoing] = useState<number | null>(null);
  const [done, setDone] = useState<ReadonlySet<number>>(new Set());
  const [told, setTold] = useState("");

  const take = async (index: number) => {
    const step = STEPS[index];
    if (!step || doing !== null) return;
    guide.current ??= new Guide(state);
    setDoing(index);
    setTold(`Step ${index + 1}, ${step.title}: being done.`);
    point({});
    try {
      const points = await step.run(guide.current);
      point(points);
      setDone(new Set([...done, index]));
      setTold(`Step ${index + 1} is done. ${inWords(points)}`);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      setTold("");
      if (error.message) state.say(`Step ${index + 1} stopped: ${error.message}${faultsOn(state)}`);
    } finally {
      setDoing(null);
    }
  };

  return (
    <section class="tour" aria-labelledby="tour-title">
      <h2 id="tour-title">Try it</h2>
      <ol>
        {STEPS.map(({ title }, index) => (
          <li key={title}>
            <button
              type="button"
              class={`tour-step ${doing === index ? "tour-doing" : done.has(index) ? "tour-done" : ""}`}
              aria-disabled={doing !== null}
              onClick={() => take(index)}
            >
              <span class="tour-number" aria-hidden="true">
                {done.has(index) && doing !== index ? <Icon name="tick" /> : index + 1}
              </span>
              {title}
              {done.has(index) && <span class="unseen">, done</span>}
            </button>
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {told}
      </p>
    </section>
  );
}

const NAMES = { marketplace: "Marketplace", slack: "Slack", telegram: "Telegram" } as const;

function inWords(points: Points): string {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[])
    .flatMap((side) => (points[side] ? [`${NAMES[side]}: ${points[side].says}`] : []))
    .join(" ");
}

function faultsOn(state: PageState): string {
  const on = state.known.panes.faults?.menu.filter((fault) => fault.on).map((fault) => fault.title) ?? [];
  return on.length ? ` What is on under Faults may be why: ${on.join(", ")}.` : "";
}
