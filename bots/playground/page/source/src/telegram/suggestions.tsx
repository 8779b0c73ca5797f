// The list above the input: a bot's commands, or the results of an inline query.

import { useEffect } from "preact/hooks";
import { Avatar } from "./avatar";
import type { Command, InlineResult } from "./shapes";

export interface Offer {
  key: string;
  title: string;
  about: string;
  /** Sends it, as a press on it does in the app. */
  take: () => void;
  /** What the Tab key writes into the input; null where there is nothing to write. */
  text: string | null;
}

interface SuggestionsProps {
  id: string;
  label: string;
  offers: Offer[];
  active: number;
  bot: { id: number; name: string };
  /** Said where there is nothing to choose. */
  empty: string | null;
  waiting: boolean;
}

export function Suggestions({ id, label, offers, active, bot, empty, waiting }: SuggestionsProps) {
  useEffect(() => document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" }), [active]);
  if (offers.length === 0) {
    return (
      <p class="tg-suggestions tg-nothing" role="status">
        {waiting ? <span class="tg-spinner" /> : null}
        {waiting ? " Asking the bot…" : empty}
      </p>
    );
  }
  return (
    <div class="tg-suggestions" id={id} role="listbox" aria-label={label} tabIndex={0}>
      {offers.map((offer, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and points here
        // biome-ignore lint/a11y/useKeyWithClickEvents: its keys are those of the input
        <div
          key={offer.key}
          id={`${id}-${at}`}
          class="tg-offer"
          role="option"
          aria-selected={at === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={offer.take}
        >
          <Avatar id={bot.id} name={bot.name} bot />
          <span class="tg-offer-title">{offer.title}</span>
          <span class="tg-offer-about">{offer.about}</span>
        </div>
      ))}
    </div>
  );
}

export function commandOffers(commands: Command[], text: (command: Command) => string, send: (text: string) => void) {
  return commands.map(
    (command): Offer => ({
      key: command.command,
      title: `/${command.command}`,
      about: command.description,
      take: () => send(text(command)),
      text: `${text(command)} `,
    }),
  );
}

export function resultOffers(results: InlineResult[], choose: (result: InlineResult) => void) {
  return results.map(
    (result): Offer => ({
      key: result.id,
      title: result.title ?? `cannot be drawn: ${result.type}`,
      about: result.description ?? result.input_message_content?.message_text ?? "",
      take: () => choose(result),
      text: null,
    }),
  );
}
