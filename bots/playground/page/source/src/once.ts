// What a double click asks for is done once.

import { useRef } from "preact/hooks";

/** `work`, but for whoever asks again while it still goes on: then nothing. */
export function useOnce<Given extends unknown[]>(
  work: (...given: Given) => Promise<unknown>,
): (...given: Given) => Promise<void> {
  const going = useRef(false);
  return async (...given) => {
    if (going.current) return;
    going.current = true;
    try {
      await work(...given);
    } finally {
      going.current = false;
    }
  };
}
