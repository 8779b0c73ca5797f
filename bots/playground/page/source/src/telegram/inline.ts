// Asking the bot while somebody types "@bot words": the newest question's results, and none of an earlier one's.

import { useEffect, useState } from "preact/hooks";
import type { Act } from "../hands";
import type { InlineResult } from "./shapes";

const PAUSE = 250; // milliseconds without a key

/** `results` is null until the bot has answered, or was given up on. */
export function useInline(act: Act, user: number, query: string | null): { results: InlineResult[] | null } {
  const [found, setFound] = useState<{ query: string; results: InlineResult[] } | null>(null);
  useEffect(() => {
    if (query === null) return;
    let current = true;
    const timer = setTimeout(async () => {
      const answer = await act("/telegram/hands/ask", { user, query });
      if (current) setFound({ query, results: (answer?.result as InlineResult[] | undefined) ?? [] });
    }, PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [user, query]);
  return { results: found !== null && found.query === query ? found.results : null };
}
