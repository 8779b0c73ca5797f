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
    return response.ok ? { answer } : { problem: String(answer.error ?? `It answered ${response.status}.`) };
  } catch {
    return { problem: SILENT };
  }
}

/** A GET of one of the page's own doors; raises what fetch raises, and on any status but 2xx. */
export async function get<T>(path: string): Promise<T> {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return (await response.json()) as T;
}
