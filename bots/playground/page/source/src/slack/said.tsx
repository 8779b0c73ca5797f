// Says a new message to whoever does not see it come; one at a time, and nothing of what stood there before.

import { useEffect, useRef, useState } from "preact/hooks";
import { nameOf, useDesk } from "./desk";
import type { SlackMessage } from "./shapes";

const MOST = 120;

export function Said({ messages }: { messages: readonly SlackMessage[] }) {
  const desk = useDesk();
  const last = messages.at(-1);
  const known = useRef(last?.ts ?? "");
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!last || last.ts <= known.current) return;
    known.current = last.ts;
    if (last.user !== desk.user) setSaid(`${nameOf(desk, last.user)}: ${brief(last.text)}`);
  }, [last?.ts]);
  return (
    <p class="unseen" role="status">
      {said}
    </p>
  );
}

/** As far as one listens: without what Slack writes in brackets. */
function brief(text: string): string {
  const plain = text
    .replace(/<[^<>|]*\|([^<>]*)>/g, "$1")
    .replace(/<[^<>]*>/g, "")
    .replace(/\s+/g, " ");
  return plain.length > MOST ? `${plain.slice(0, MOST)}…` : plain;
}
