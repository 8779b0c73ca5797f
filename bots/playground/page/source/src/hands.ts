// What people do: one POST to a hand of a stand-in, and what went wrong as a sentence.

export type Json = Record<string, unknown>;

/** Resolves to the hand's answer, or to null once the page has said what went wrong. */
export type Act = (path: string, body: Json) => Promise<Json | null>;

export const SILENT = "The playground does not answer. Is `make play` still running?";

export type Outcome = { answer: Json } | { problem: string };

export async function post(path: string, body: Json): Promise<Outcome> {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Json;
    const problem = response.ok ? refusalIn(answer) : String(answer.error ?? `It answered ${response.status}.`);
    return problem === null ? { answer } : { problem };
  } catch {
    return { problem: SILENT };
  }
}

/** A marketplace's hand tells what Shopbell answered to its event; null for anything but a refusal. */
export function refusalIn({ status, body }: Json): string | null {
  if (typeof status !== "number" || status < 400) return null;
  const said = (body ?? {}) as { detail?: string; title?: string; results?: { problem?: { detail?: string } }[] };
  const why = said.results?.[0]?.problem?.detail ?? said.detail ?? said.title ?? "";
  return `Shopbell did not take it (${status})${why ? `: ${why}` : "."}`;
}

/** A GET of one of the page's own doors; raises what fetch raises, and on any status but 2xx. */
export async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}
