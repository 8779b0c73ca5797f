// Where the open conversation is written on: as its buyer, or as the seller on the site.

import { useId, useState } from "preact/hooks";
import { type Act, get } from "../hands";
import { Icon } from "../icons";
import { useOnce } from "../once";
import type { ClockState, Talk } from "../shapes";
import { type AttachedFile, MOST_BYTES, readFiles } from "./files";
import { isOver } from "./order";

const DAY = 86_400_000;

/** For whom one acts on the site. */
export type As = "buyer" | "seller";

interface ComposerProps {
  shop: string;
  open: Talk;
  available: boolean;
  as: As;
  setAs: (as: As) => void;
  act: Act;
}

export function Composer({ shop, open, available, as, setAs, act }: ComposerProps) {
  const [text, setText] = useState("");
  const [files, setFiles] = useState<AttachedFile[]>([]);
  const [inOrder, setInOrder] = useState(true);
  const { buyer, conversation } = open;
  const order = open.order && !isOver(open.order.status) ? open.order : null;

  const send = async () => {
    if (!text.trim() && !(as === "buyer" && files.length)) return;
    setText("");
    if (as === "buyer") setFiles([]);
    const body = { shop, conversation, text };
    const done =
      as === "seller"
        ? await act("/marketplace/hands/answer_on_site", body)
        : await act("/marketplace/hands/write", {
            ...body,
            buyer: buyer.name,
            order: inOrder ? order : null,
            ...(files.length && { files }),
          });
    if (done) return;
    setText((since) => since || text); // what could not be said is not lost
    setFiles((since) => (since.length ? since : files));
  };

  return (
    <form
      class="market-compose"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="market-as">
        <Choice
          name="as"
          value={as}
          set={setAs}
          options={{ buyer: `As ${buyer.name}`, seller: "As the seller, on the site" }}
        />
        {as === "seller" && <OnSite shop={shop} available={available} act={act} />}
        {order && as === "buyer" && (
          <label class="market-in-order">
            <input type="checkbox" checked={inOrder} onChange={() => setInOrder(!inOrder)} /> on the order
          </label>
        )}
      </div>
      <div class="market-field">
        <label>
          <span class="unseen">Message</span>
          <textarea
            rows={2}
            dir="auto"
            value={text}
            placeholder={as === "buyer" ? "Write to the seller…" : `Answer ${buyer.name}…`}
            onInput={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              // Enter sends, as in the chats beside; Shift and Enter begins a line.
              if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
              event.preventDefault();
              void send();
            }}
          />
        </label>
        {as === "buyer" && <PictureButton add={(more) => setFiles([...files, ...more])} />}
        <button type="submit" class="market-send" aria-label="Send">
          <Icon name="send" />
        </button>
      </div>
      {files.length > 0 && (
        <ul class="market-chosen" aria-label="Attached">
          {files.map((file, index) => (
            <li key={index}>
              {file.name}
              <button
                type="button"
                aria-label={`Leave out ${file.name}`}
                onClick={() => setFiles(files.filter((_, other) => other !== index))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </form>
  );
}

/** What a seller may set on the site itself, without Shopbell: it hears of it from the marketplace. */
function OnSite({ shop, available, act }: { shop: string; available: boolean; act: Act }) {
  const set = useOnce(async () => {
    const { now } = await get<ClockState>("/page/clock");
    const until = available ? new Date(Date.parse(now) + DAY).toISOString() : null;
    await act("/marketplace/hands/set_availability", { shop, until });
  });
  return (
    <button type="button" class="market-button market-plain" onClick={set}>
      {available ? "Set away for a day" : "Set available"}
    </button>
  );
}

function PictureButton({ add }: { add: (files: AttachedFile[]) => void }) {
  const id = useId();
  return (
    <>
      <input
        id={id}
        class="unseen market-picture"
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        aria-describedby={`${id}-most`}
        onChange={async (event) => {
          const input = event.currentTarget;
          add(await readFiles(input.files));
          input.value = "";
        }}
      />
      <label for={id} class="market-clip" title="Attach pictures">
        <Icon name="clip" />
        <span class="unseen">Attach pictures</span>
      </label>
      <span id={`${id}-most`} class="unseen">
        {`Up to ${MOST_BYTES / 2 ** 20} MB each`}
      </span>
    </>
  );
}

interface ChoiceProps<Value extends string> {
  name: string;
  value: Value;
  set: (value: Value) => void;
  options: Record<Value, string>;
}

function Choice<Value extends string>({ name, value, set, options }: ChoiceProps<Value>) {
  const group = `${name}-${useId()}`;
  return (
    <fieldset class="market-choice">
      <legend class="unseen">Who writes</legend>
      {(Object.entries(options) as [Value, string][]).map(([each, label]) => (
        <label key={each}>
          <input type="radio" name={group} checked={each === value} onChange={() => set(each)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
