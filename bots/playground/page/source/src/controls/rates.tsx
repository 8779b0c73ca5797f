// Both rates with what they are made of, what is owed, and the ledger behind them.

import type { ComponentChildren } from "preact";
import { useNow } from "../clock";
import type { ClockState, LedgerEntry, Owed, RatesState, Standing } from "../shapes";
import { countdown, dayAndTime } from "../time";
import { counted, forecast, KINDS, measure, percent, verdict } from "./words";

const SOON = 3_600_000;

export function Rates({ rates, clock }: { rates: RatesState | undefined; clock: ClockState | undefined }) {
  const now = useNow(clock);
  return (
    <section class="bench-part bench-rates" aria-labelledby="rates-title">
      <h2 id="rates-title" tabIndex={-1}>
        Rates and ledger
      </h2>
      {rates?.problem && <p class="problem">{rates.problem}</p>}
      <div class="rates">
        {rates?.rates?.rates.map((each) => (
          <RateCard key={each.of} standing={each} />
        ))}
      </div>
      <div class="owed-and-ledger">
        <OpenList owed={rates?.open?.obligations ?? []} now={now} />
        <Ledger entries={rates?.ledger?.entries ?? []} />
      </div>
    </section>
  );
}

function RateCard({ standing }: { standing: Standing }) {
  const { rate, threshold, of, policy, stricter } = standing;
  const value = percent(rate.percent);
  return (
    <article class={`rate mood-${rate.band ?? ""}`}>
      <h3>{KINDS[of]}</h3>
      <p class="rate-number number" key={value}>
        {value}
      </p>
      <Meter percent={rate.percent} threshold={threshold} />
      <p>{counted(rate)}</p>
      {forecast(standing).map((line) => (
        <p key={line} class="rate-forecast">
          {line}
        </p>
      ))}
      <p class="quiet">
        By the rules of {policy}: {measure(standing)}.
      </p>
      {stricter.length > 0 && (
        <p class="quiet">Read stricter by {[...new Set(stricter.map((each) => each.policy))].join(", ")}.</p>
      )}
    </article>
  );
}

/** The words beside it say the same, so it is drawn for the eye alone. */
function Meter({ percent, threshold }: { percent: number | null; threshold: number | null }) {
  return (
    <svg class="rate-meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="rate-all" width="100" height="6" />
      <rect class="rate-met" width={percent ?? 0} height="6" />
      {threshold !== null && <rect class="rate-least" x={threshold} width="0.6" height="6" />}
    </svg>
  );
}

function OpenList({ owed, now }: { owed: Owed[]; now: number }) {
  return (
    <Scrolling title="Open, by deadline">
      {owed.length === 0 && <p class="quiet">Nothing waits for an answer.</p>}
      <ol class="owed">
        {owed.map((each) => {
          const left = each.due ? Date.parse(each.due) - now : null;
          return (
            <li key={each.obligation} class={left !== null && left < SOON ? "owed-soon" : ""}>
              <b>{each.buyer}</b>
              <span class="quiet">
                {each.kind === "inbox" ? "inquiry" : "order"}
                {!each.counts && `, does not count${each.reason ? ` (${each.reason.replaceAll("_", " ")})` : ""}`}
              </span>
              {left === null ? (
                <span class="quiet">no deadline</span>
              ) : (
                <time class="number" dateTime={each.due ?? ""} title={`by ${dayAndTime(now + left)}`}>
                  {countdown(left)}
                </time>
              )}
            </li>
          );
        })}
      </ol>
    </Scrolling>
  );
}

function Ledger({ entries }: { entries: LedgerEntry[] }) {
  return (
    <Scrolling title="Ledger: what waits, then the newest">
      {entries.length === 0 && <p class="quiet">Nothing has been written to it yet.</p>}
      <table class="ledger">
        <caption class="unseen">Each message, and what became of it</caption>
        <thead class="unseen">
          <tr>
            <th scope="col">Received</th>
            <th scope="col">Buyer</th>
            <th scope="col">Kind</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.obligation}>
              <td class="quiet number">{dayAndTime(Date.parse(entry.received))}</td>
              <td>{entry.buyer}</td>
              <td class="quiet">{entry.kind === "inbox" ? "inquiry" : "order"}</td>
              <td>
                <span class={`verdict verdict-${entry.verdict}`}>{verdict(entry)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

/** What scrolls and holds nothing to press can still be scrolled by keyboard. */
function Scrolling({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <div class="bench-scroll" role="group" aria-label={title} tabIndex={0}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}
