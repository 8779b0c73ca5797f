// The keyboard's way through messages, as in Slack: up and down from one to the next, Tab into what stands in it.

const MESSAGE = "[data-message]";

export function walk(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const here = event.target as HTMLElement;
  // Within a message the keys belong to what is typed into or picked from there.
  if (here !== list && !here.matches(MESSAGE)) return;
  const messages = Array.from(list.querySelectorAll<HTMLElement>(MESSAGE));
  const at = here === list ? messages.length : messages.indexOf(here);
  const to: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: messages.length - 1 };
  const next = messages[to[event.key] ?? -1];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
