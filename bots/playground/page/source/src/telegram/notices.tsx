// What the app says over the chat: a line that passes, or a box that waits for OK.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

const PASSES = 5000; // milliseconds

export type Notice = { kind: "toast" | "alert"; text: string };

export function Notices({ notice, onEnd }: { notice: Notice | null; onEnd: () => void }) {
  useEffect(() => {
    if (notice?.kind !== "toast") return;
    const timer = setTimeout(onEnd, PASSES);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <>
      <p class={notice?.kind === "toast" ? "tg-toast shown" : "tg-toast"} role="status">
        {notice?.kind === "toast" ? notice.text : ""}
      </p>
      {notice?.kind === "alert" && (
        <Box label="Message from the bot" onClose={onEnd}>
          <p class="tg-alert-text">{notice.text}</p>
          <div class="tg-box-foot">
            <button type="button" onClick={onEnd}>
              OK
            </button>
          </div>
        </Box>
      )}
    </>
  );
}

/** A box over the pane, with the focus held in it and given back after. */
export function Box({ label, onClose, children }: { label: string; onClose: () => void; children: ComponentChildren }) {
  const box = useRef<HTMLDialogElement>(null);
  const spot = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const dialog = box.current;
    dialog?.showModal();
    if (dialog && spot.current) centre(dialog, spot.current.closest(".telegram"));
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <>
      <span ref={spot} hidden />
      <dialog
        ref={box}
        class="telegram-box"
        aria-label={label}
        onCancel={(event) => {
          event.preventDefault();
          onClose();
        }}
      >
        {children}
      </dialog>
    </>
  );
}

/** In the middle of the pane rather than of the page: it is this app that speaks. */
function centre(dialog: HTMLElement, pane: Element | null): void {
  if (!pane) return;
  const { left, top, width, height } = pane.getBoundingClientRect();
  const middle = Math.min(
    Math.max(top + height / 2, dialog.offsetHeight / 2 + 8),
    innerHeight - dialog.offsetHeight / 2,
  );
  dialog.style.left = `${left + width / 2 - dialog.offsetWidth / 2}px`;
  dialog.style.top = `${middle - dialog.offsetHeight / 2}px`;
}
