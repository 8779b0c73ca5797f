// The list over a composer: commands or people that fit what is being typed.

import { Avatar } from "./avatar";
import type { Offer, Suggestion } from "./suggestions";

interface Offered {
  id: string;
  offer: Offer;
  at: number;
  take: (chosen: Suggestion) => void;
}

export function Suggestions({ id, offer, at, take }: Offered) {
  return (
    <div class="offer" role="listbox" id={`${id}-offer`} aria-label={offer.kind === "command" ? "Commands" : "People"}>
      {offer.suggestions.map((one, index) => (
        <div
          key={one.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          // On press, before the field loses the keyboard and the list with it.
          onMouseDown={(event) => {
            event.preventDefault();
            take(one);
          }}
        >
          {one.user ? <Avatar id={one.user} small /> : null}
          <span>
            <strong>{one.title}</strong> {one.hint && <span class={one.user ? "badge" : "hint"}>{one.hint}</span>}
            {one.about && <small>{one.about}</small>}
          </span>
        </div>
      ))}
    </div>
  );
}
