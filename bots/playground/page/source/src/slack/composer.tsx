// Where somebody types: a message, a command, a mention; files, formats and global shortcuts beside it.

import { useId, useRef, useState } from "preact/hooks";
import { useDesk, useDraft } from "./desk";
import { Plane } from "./icons";
import { Menu } from "./menu";
import { Suggestions } from "./offer";
import { weight } from "./picture";
import type { SlackPaneState } from "./shapes";
import { completed, marked, type Offer, offered, type Suggestion } from "./suggestions";
import { packed } from "./uploads";

interface ComposerProps {
  pane: SlackPaneState;
  channel: string;
  /** The thread that is answered, if this stands in one. */
  thread?: string;
  placeholder: string;
  /** What was sent stands at the end. */
  sent?: () => void;
}

const COMMAND = /^(\/\S+)\s*([\s\S]*)$/;
const FORMATS = [
  ["*", "Bold", "B", "bold"],
  ["_", "Italic", "I", "italic"],
  ["~", "Strikethrough", "S", "strike"],
  ["`", "Code", "</>", "code"],
] as const;

export function Composer({ pane, channel, thread, placeholder, sent }: ComposerProps) {
  const { act, user } = useDesk();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useDraft(`${user} ${channel} ${thread ?? ""}`, "");
  const [offer, setOffer] = useState<Offer | null>(null);
  const [at, setAt] = useState(0);
  const [told, setTold] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);

  const put = (next: string, from: number, to = from) => {
    setText(next);
    setTold("");
    queueMicrotask(() => {
      field.current?.focus();
      field.current?.setSelectionRange(from, to);
      look(next, to);
    });
  };
  const look = (typed: string, cursor: number) => {
    setOffer(offered(typed, cursor, pane, thread !== undefined));
    setAt(0);
  };
  const take = (chosen: Suggestion) => {
    if (!offer || !field.current) return;
    const made = completed(text, field.current.selectionStart, offer, chosen);
    put(made.text, made.at);
  };
  const format = (mark: string) => {
    const { selectionStart = 0, selectionEnd = 0 } = field.current ?? {};
    const made = marked(text, selectionStart, selectionEnd, mark);
    put(made.text, made.from, made.to);
  };
  const send = async () => {
    const said = text.trim();
    if (!said && files.length === 0) return;
    const command = files.length === 0 ? COMMAND.exec(said) : null;
    const problem = command && refused(command[1] ?? "", pane, thread);
    if (problem) return setTold(problem);
    setText("");
    setOffer(null);
    setTold("");
    setFiles([]);
    const where = { user, channel, text: said, ...(thread ? { thread_ts: thread } : {}) };
    const done = command
      ? await act("/slack/hands/command", { user, channel, command: command[1], text: command[2] })
      : files.length > 0
        ? await act("/slack/hands/share", { ...where, files: await packed(files) })
        : await act("/slack/hands/say", where);
    if (done !== null) return sent?.();
    setText((since) => since || said); // what could not be said is not lost
    setFiles((since) => (since.length > 0 ? since : files));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (offer && steer(event, offer, at, setAt, take, () => setOffer(null))) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        setFiles([...files, ...Array.from(event.dataTransfer?.files ?? [])]);
      }}
    >
      {offer && <Suggestions {...{ id, offer, at, take }} />}
      <div class="box">
        <fieldset class="formats" aria-label="Formatting">
          {FORMATS.map(([mark, name, face, kind]) => (
            <button key={mark} type="button" class={kind} aria-label={name} title={name} onClick={() => format(mark)}>
              {face}
            </button>
          ))}
        </fieldset>
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={`${id}-offer`}
          aria-activedescendant={offer ? `${id}-${at}` : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setTold("");
            look(event.currentTarget.value, event.currentTarget.selectionStart);
          }}
          onKeyDown={onKeyDown}
          onBlur={() => setOffer(null)}
        />
        <Attached files={files} change={setFiles} />
        <div class="tools">
          <label class="tool" title="Attach files">
            <span aria-hidden="true">+</span>
            <input
              type="file"
              class="unseen"
              multiple
              aria-label="Attach files"
              onChange={(event) => {
                setFiles([...files, ...Array.from(event.currentTarget.files ?? [])]);
                event.currentTarget.value = "";
              }}
            />
          </label>
          <button
            type="button"
            class="tool"
            aria-label="Mention someone"
            title="Mention someone"
            onClick={() => put(`${spaced(text)}@`, spaced(text).length + 1)}
          >
            @
          </button>
          {!thread && (
            <>
              <button
                type="button"
                class="tool"
                aria-label="Run a command"
                title="Run a command"
                onClick={() => put("/", 1)}
              >
                /
              </button>
              <Shortcuts pane={pane} />
            </>
          )}
          <span class="grow" />
          <button
            type="submit"
            class="send"
            aria-label="Send"
            title="Send"
            disabled={!text.trim() && files.length === 0}
          >
            <Plane />
          </button>
        </div>
      </div>
      <p class="told" role="status">
        {told}
      </p>
    </form>
  );
}

interface AttachedProps {
  files: readonly File[];
  change: (files: readonly File[]) => void;
}

function Attached({ files, change }: AttachedProps) {
  if (files.length === 0) return null;
  return (
    <ul class="attached" aria-label="Files to send">
      {files.map((file, index) => (
        <li key={index}>
          {file.name} <small>{weight(file.size)}</small>
          <button
            type="button"
            aria-label={`Remove ${file.name}`}
            onClick={() => change(files.filter((each) => each !== file))}
          >
            ✕
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What Slack says of a command that it does not take, without asking anybody. */
function refused(command: string, { commands }: SlackPaneState, thread: string | undefined): string {
  if (!commands.some((known) => known.command === command)) {
    return `${command} is not a valid command. In Slack, all messages that start with the “/” character are interpreted as commands.`;
  }
  return thread ? `${command} is not supported in threads. Sorry!` : "";
}

/** The keyboard while something is offered; whether it was meant for that. */
function steer(
  event: KeyboardEvent,
  offer: Offer,
  at: number,
  setAt: (at: number) => void,
  take: (chosen: Suggestion) => void,
  leave: () => void,
): boolean {
  const count = offer.suggestions.length;
  const chosen = offer.suggestions[at];
  const ways: Record<string, () => void> = {
    ArrowDown: () => setAt((at + 1) % count),
    ArrowUp: () => setAt((at + count - 1) % count),
    Tab: () => chosen && take(chosen),
    Enter: () => chosen && take(chosen),
    Escape: leave,
  };
  const way = event.shiftKey ? undefined : ways[event.key];
  if (!way) return false;
  event.preventDefault();
  event.stopPropagation();
  way();
  return true;
}

function Shortcuts({ pane }: { pane: SlackPaneState }) {
  const { act, user } = useDesk();
  const { global } = pane.shortcuts;
  if (global.length === 0) return null;
  const items = global.map(({ callback_id, name }) => ({
    key: callback_id,
    words: name,
    label: name,
    group: "Shopbell",
  }));
  const run = (callback_id: string) => void act("/slack/hands/shortcut", { user, callback_id });
  return <Menu class="tool" label="Shortcuts" face={<span aria-hidden="true">⚡</span>} items={items} choose={run} />;
}

const spaced = (text: string): string => (text && !/\s$/.test(text) ? `${text} ` : text);
