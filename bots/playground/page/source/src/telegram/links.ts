// Where a tap on a piece of text leads.

import type { Entity } from "./shapes";

const SAFE = /^(?:https?:\/\/|tg:|mailto:)/i;

/** Only what an app would open: a card could otherwise carry an address that runs something. */
export function openable(url: string): string | null {
  return SAFE.test(url) && URL.canParse(url) ? url : null;
}

/** The address behind an entity that is a link; null for one that no app would open. */
export function addressOf(entity: Entity, text: string): string | null {
  switch (entity.type) {
    case "text_link":
      return openable(entity.url ?? "");
    case "url":
      return openable(/^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]*\.[^/]*:\d/.test(text) ? text : `http://${text}`);
    case "email":
      return openable(`mailto:${text}`);
    default:
      return null;
  }
}
