// What went wrong for the person who looks, as Slackbot says it to them alone.

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
          <Sentence failure={failure} />
        </div>
      </div>
    </article>
  );
}

function Sentence({ failure: { doing, shown } }: { failure: Failure }) {
  if (doing.startsWith("/")) {
    return (
      <>
        <code>{doing}</code> failed with the error “{shown}”
      </>
    );
  }
  return (
    <>
      Shopbell did not take what you did (<code>{doing}</code>): {shown}
    </>
  );
}
