// What went wrong for the person who looks, as Slackbot says it to them alone. A button or form that failed says so
// itself.

import { timeOf } from "./dates";
import { useDesk } from "./desk";
import type { Failure } from "./shapes";

export function Failed({ failure }: { failure: Failure }) {
  const { watch } = useDesk();
  return (
    <article class="message whisper failed" aria-label={`Slackbot, ${timeOf(failure.at, watch)}`}>
      <div class="gutter">
        <span class="avatar slackbot" aria-hidden="true">
          !
        </span>
      </div>
      <div class="content">
        <p class="aside">Only visible to you</p>
        <p class="by">
          <strong>Slackbot</strong>
          <span class="clock">{timeOf(failure.at, watch)}</span>
        </p>
        <div class="said">
          {failure.doing.startsWith("/") ? <code>{failure.doing}</code> : "What you asked Shopbell for"} failed with the
          error “{failure.shown}”
        </div>
      </div>
    </article>
  );
}
