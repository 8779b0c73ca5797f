// A modal: a form that the app opened over the pane, up to three on top of each other.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Bell } from "./avatar";
import { Blocks } from "./blocks";
import { useDesk } from "./desk";
import { Dialog } from "./dialog";
import { Text } from "./drawing";
import type { Failure, View } from "./shapes";
import { SurfaceProvider } from "./surface";
import { useViewSurface } from "./view-surface";

const TROUBLE = "We had some trouble connecting. Try again?";

interface ModalProps {
  view: View;
  /** Another one stands on top of it. */
  under: boolean;
  failures: readonly Failure[];
}

export function Modal({ view, under, failures }: ModalProps) {
  const { act, ahead, user } = useDesk();
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const { surface, values, setFaults } = useViewSurface(view);
  const sent = useRef(Number.POSITIVE_INFINITY);
  const [state, setState] = useState<"open" | "sending" | "failed">("open");
  const submit = async () => {
    if (state === "sending") return;
    setState("sending");
    sent.current = Date.now() / 1000 + ahead;
    const said = await act("/slack/hands/submit", { user, view: view.id, values });
    const result = said?.result as { response_action?: string; errors?: Record<string, string> } | undefined;
    setFaults(result?.errors ?? {});
    setState(said === null ? "failed" : "open");
  };
  // An app that is not heard of leaves the form as it was; Slack says so in it.
  const unheard = failures.some((failure) => failure.doing.startsWith("submit") && failure.at >= sent.current);
  const close = () => void act("/slack/hands/close", { user, view: view.id });
  useEffect(() => {
    const first = body.current?.querySelector<HTMLElement>(".input.wrong :is(input, textarea, button)");
    first?.focus();
  }, [surface.faults]);
  if (under) return null;
  return (
    <Dialog labelledBy={id} class="modal" view={view.id} close={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header>
          <span class="avatar small app" aria-hidden="true">
            <Bell />
          </span>
          <h3 id={id}>
            <Text of={view.title} />
          </h3>
          <button type="button" class="close" aria-label="Close" title="Close" onClick={close}>
            ✕
          </button>
        </header>
        <div class="body" ref={body}>
          {(state === "failed" || unheard) && (
            <p class="trouble" role="alert">
              {TROUBLE}
            </p>
          )}
          <SurfaceProvider value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceProvider>
        </div>
        <footer>
          <button type="button" class="button" onClick={close}>
            {view.close ? <Text of={view.close} /> : "Close"}
          </button>
          {view.submit && (
            <button
              type="submit"
              class="button primary"
              aria-busy={state === "sending"}
              disabled={view.submit_disabled}
            >
              <Text of={view.submit} />
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
