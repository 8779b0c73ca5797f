// Rates and verdicts in plain words.

import type { LedgerEntry, Rate, Standing, Verdict } from "../shapes";
import { dayAndTime, span } from "../time";

export const KINDS = { inbox: "Inquiries", order: "Orders", all: "All messages" } as const;

const VERDICTS: Record<Verdict, string> = {
  in_time: "in time",
  late: "late",
  missed: "missed",
  pending: "waits",
  excluded: "left out",
};

/** `94.4 %`, or `no data`. */
export const percent = (value: number | null) => (value === null ? "no data" : `${value} %`);

/** `17 of 18 in time`. */
export function counted({ met, missed }: Rate): string {
  const all = met + missed;
  return all === 0 ? "nothing has counted yet" : `${met} of ${all} answered in time`;
}

/** How far back the rate looks, how many it needs, and whether it has that. */
export function measure({ rate, window }: Standing): string {
  const { days, min_sample } = window;
  const back = `window ${days === 1 ? "a day" : `${days} days`}`;
  const known = rate.fallback
    ? ", here the newest"
    : rate.covered
      ? ""
      : `, known since ${dayAndTime(Date.parse(rate.since))}`;
  const least = min_sample > 0 ? `at least ${min_sample} messages` : "no minimum sample";
  return `${back}${known}; ${least}${rate.enough ? "" : ", not reached yet"}`;
}

/** What comes next, if this goes on. */
export function forecast({
  threshold,
  rate,
  affordable_misses,
  answers_to_recover,
  at_risk,
  more_at_risk,
}: Standing): string[] {
  const said: string[] = [];
  const below = threshold !== null && rate.percent !== null && rate.percent < threshold;
  if (threshold !== null && below) {
    said.push(
      answers_to_recover === null
        ? `Below ${threshold} %, and answers alone will not bring it back soon.`
        : `Below ${threshold} %: ${answers_to_recover} ${answers_to_recover === 1 ? "answer" : "answers"} in time bring it back.`,
    );
  } else if (threshold !== null && rate.percent !== null) {
    said.push(spare(threshold, affordable_misses));
  }
  const last = at_risk.at(-1);
  if (last) {
    const count = `${at_risk.length}${more_at_risk ? " or more" : ""}`;
    const one = at_risk.length === 1 && !more_at_risk;
    said.push(
      `${count} ${one ? "waits" : "wait"}; if ${one ? "it is" : "they are"} missed: ${percent(last.percent_together)}.`,
    );
  }
  return said;
}

function spare(threshold: number, misses: number | null): string {
  if (misses === null) return `No miss takes it below ${threshold} % soon.`;
  if (misses === 0) return `One more miss takes it below ${threshold} %.`;
  return `${misses} more can be missed before it is below ${threshold} %.`;
}

/** `late, by 2 h`, `left out: spam`. */
export function verdict({ verdict, reason, due, answered }: LedgerEntry): string {
  if (verdict === "excluded") return `left out${reason ? `: ${reason.replaceAll("_", " ")}` : ""}`;
  if (verdict === "late" && due && answered) return `late by ${span(Date.parse(answered) - Date.parse(due))}`;
  return VERDICTS[verdict];
}
