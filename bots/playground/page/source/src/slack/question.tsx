// "Are you sure?", as an element with `confirm` has it asked.

import { useId } from "preact/hooks";
import { Dialog } from "./dialog";
import { Text } from "./drawing";
import type { Confirm } from "./shapes";

export function Question({ asked, answer }: { asked: Confirm; answer: (yes: boolean) => void }) {
  const id = useId();
  return (
    <Dialog class="question" labelledBy={id} describedBy={`${id}-text`} close={() => answer(false)}>
      <header>
        <h3 id={id}>
          <Text of={asked.title} />
        </h3>
      </header>
      <div class="body said" id={`${id}-text`}>
        <Text of={asked.text} />
      </div>
      <footer>
        <button type="button" class="button" data-first onClick={() => answer(false)}>
          <Text of={asked.deny} />
        </button>
        <button
          type="button"
          class={`button ${asked.style === "danger" ? "danger" : "primary"}`}
          onClick={() => answer(true)}
        >
          <Text of={asked.confirm} />
        </button>
      </footer>
    </Dialog>
  );
}
