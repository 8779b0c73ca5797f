// A buyer writes for the first time: one of those at hand, or a new one with a language and a zone.

import { useState } from "preact/hooks";
import type { Act } from "../hands";
import { useOnce } from "../once";
import type { MarketplaceState } from "../shapes";
import { cityOf, LANGUAGES, languageName, ZONES } from "./languages";

interface NewConversationProps {
  pane: MarketplaceState;
  act: Act;
  began: (conversation: string) => void;
}

const SOMEBODY_NEW = "";

export function NewConversation({ pane, act, began }: NewConversationProps) {
  const [buyer, setBuyer] = useState(pane.buyers[0]?.name ?? SOMEBODY_NEW);
  const [order, setOrder] = useState(false);

  const begin = useOnce(async (form: HTMLFormElement) => {
    const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
    const { shop } = pane;
    const name = (buyer || given.name || "").trim();
    const conversation = unused(name, pane);
    if (buyer === SOMEBODY_NEW) {
      const { language, time_zone } = given;
      if (!(await act("/marketplace/hands/add_buyer", { shop, name, language, time_zone }))) return;
    }
    const about = order ? { id: `o-${conversation}`, title: given.title, status: "active" } : null;
    if (about) {
      const started = { shop, buyer: name, order: about, conversation };
      if (!(await act("/marketplace/hands/order_started", started))) return;
    }
    const written = { shop, buyer: name, text: given.text, conversation, order: about };
    if (await act("/marketplace/hands/write", written)) began(conversation);
  });

  return (
    <form
      class="market-new"
      aria-label="New conversation"
      onSubmit={(event) => {
        event.preventDefault();
        void begin(event.currentTarget);
      }}
    >
      <label>
        Who writes
        <select value={buyer} onChange={(event) => setBuyer(event.currentTarget.value)}>
          {pane.buyers.map((each) => (
            <option key={each.id} value={each.name}>
              {each.name} ({languageName(each.language)}, {cityOf(each.time_zone)})
            </option>
          ))}
          <option value={SOMEBODY_NEW}>Somebody new…</option>
        </select>
      </label>
      {buyer === SOMEBODY_NEW && <Somebody />}
      <label>
        About
        <select
          value={order ? "order" : "inquiry"}
          onChange={(event) => setOrder(event.currentTarget.value === "order")}
        >
          <option value="inquiry">An inquiry</option>
          <option value="order">An order, started now</option>
        </select>
      </label>
      {order && (
        <label>
          What is ordered
          <input name="title" required maxLength={100} defaultValue="A poster, A2" />
        </label>
      )}
      <label class="market-wide">
        Message
        <textarea name="text" required rows={2} dir="auto" />
      </label>
      <button type="submit" class="market-button">
        Write
      </button>
    </form>
  );
}

function Somebody() {
  return (
    <>
      <label>
        Name
        <input name="name" required maxLength={60} autoComplete="off" />
      </label>
      <label>
        Language
        <select name="language">
          {LANGUAGES.map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Zone
        <select name="time_zone">
          {ZONES.map((zone) => (
            <option key={zone}>{zone}</option>
          ))}
        </select>
      </label>
    </>
  );
}

/** An id that no conversation has yet. */
function unused(name: string, pane: MarketplaceState): string {
  const stem = `c-${name.normalize("NFKD").replace(/\W+/g, "").toLowerCase() || "buyer"}`;
  const taken = new Set(pane.conversations.map((each) => each.conversation));
  let number = 1;
  while (taken.has(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}
