// One message on the site, with what its writer can still do to it.

import { useState } from "preact/hooks";
import type { Act } from "../hands";
import { Icon } from "../icons";
import type { Attachment, MarketMessage, Talk } from "../shapes";
import { timeOrDay } from "../time";
import type { As } from "./composer";

interface SaidProps {
  message: MarketMessage;
  shop: string;
  open: Talk;
  as: As;
  act: Act;
  now: number;
}

export function Said({ message, shop, open, as, act, now }: SaidProps) {
  const [editing, setEditing] = useState(false);
  const named = { shop, message: message.id, conversation: open.conversation };
  const mine = message.by === "buyer";
  return (
    <article class={mine ? "market-said market-mine" : "market-said"} data-message={message.id}>
      <p class="market-by">
        <b>{mine ? open.buyer.name : "Seller"}</b>
        {message.author && !mine && <span> ({message.author})</span>}{" "}
        <time dateTime={message.at}>{timeOrDay(Date.parse(message.at), now)}</time>
        {message.edited && " · edited"}
      </p>
      {editing ? (
        <EditForm
          text={message.text}
          done={() => setEditing(false)}
          keep={async (text) => {
            if (await act("/marketplace/hands/edit", { ...named, text })) setEditing(false);
          }}
        />
      ) : (
        <Words message={message} lang={mine ? open.buyer.language : undefined} />
      )}
      {message.quick_response && (
        <p class="market-note">by quick response “{message.quick_response.title || "without a title"}”</p>
      )}
      {message.spam && (
        <p class="market-note market-spam">
          <Icon name="flag" /> The seller reported this as spam
        </p>
      )}
      {mine && !message.deleted && !editing && (
        <p class="market-do">
          {as === "buyer" ? (
            <>
              <button type="button" onClick={() => setEditing(true)}>
                <Icon name="pen" /> Edit
              </button>
              <button type="button" onClick={() => act("/marketplace/hands/delete", named)}>
                <Icon name="bin" /> Delete
              </button>
            </>
          ) : (
            <button
              type="button"
              onClick={() => act(`/marketplace/hands/${message.spam ? "unreport" : "report"}_on_site`, named)}
            >
              <Icon name="flag" /> {message.spam ? "Not spam" : "Report spam"}
            </button>
          )}
        </p>
      )}
    </article>
  );
}

function Words({ message, lang }: { message: MarketMessage; lang: string | undefined }) {
  if (message.deleted) return <p class="market-words market-deleted">This message was deleted.</p>;
  return (
    <>
      {message.text && (
        <p class="market-words" dir="auto" lang={lang}>
          {message.text}
        </p>
      )}
      {message.attachments.length > 0 && (
        <ul class="market-files">
          {message.attachments.map((file) => (
            <li key={file.url}>
              <File file={file} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Only what this page's own server hands out is drawn, as it asks no other; the rest can be opened. */
function File({ file }: { file: Attachment }) {
  const name = file.name || "A file";
  if ((file.type ?? "").startsWith("image/") && file.url.startsWith("/")) {
    return (
      <a href={file.url} target="_blank" rel="noreferrer">
        <img src={file.url} alt={name} />
      </a>
    );
  }
  const inside = (
    <>
      <Icon name="clip" /> {name}
    </>
  );
  return /^(https?:\/)?\//.test(file.url) ? (
    <a class="market-file" href={file.url} target="_blank" rel="noreferrer">
      {inside}
    </a>
  ) : (
    <span class="market-file">{inside}</span>
  );
}

function EditForm({ text, done, keep }: { text: string; done: () => void; keep: (text: string) => void }) {
  const [draft, setDraft] = useState(text);
  return (
    <form
      class="market-edit"
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.trim()) keep(draft);
      }}
    >
      <label>
        <span class="unseen">The message as it should read</span>
        <textarea rows={3} value={draft} onInput={(event) => setDraft(event.currentTarget.value)} dir="auto" />
      </label>
      <button type="submit" class="market-button">
        Keep
      </button>
      <button type="button" class="market-button market-plain" onClick={done}>
        Cancel
      </button>
    </form>
  );
}
