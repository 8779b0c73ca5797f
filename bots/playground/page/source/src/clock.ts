// The page's clock between two looks at the server's: it goes on by the browser's own.

import { useEffect, useMemo, useState } from "preact/hooks";
import type { ClockState } from "./shapes";

/** Milliseconds since 1970 by the playground's clock; whoever calls it is drawn again every `every` milliseconds. */
export function useNow(clock: ClockState | undefined, every = 1000): number {
  const offset = useMemo(() => (clock ? Date.parse(clock.now) - Date.now() : 0), [clock]);
  const [, redraw] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => redraw((count) => count + 1), every);
    return () => clearInterval(timer);
  }, [every]);
  return Date.now() + offset;
}
