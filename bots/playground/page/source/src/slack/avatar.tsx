// Who somebody is at a glance: a square with initials, a bell for the app.

import { nameOf, useDesk } from "./desk";

const TONES = 8;

export function Avatar({ id, small = false }: { id: string; small?: boolean }) {
  const desk = useDesk();
  const name = nameOf(desk, id);
  const size = small ? "avatar small" : "avatar";
  if (desk.users[id]?.is_bot) {
    return (
      <span class={`${size} app`} aria-hidden="true">
        <Bell />
      </span>
    );
  }
  return (
    <span class={`${size} tone-${toneOf(name)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

export function Bell() {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d="M12 3a1.5 1.5 0 0 1 1.5 1.5v.4a5.5 5.5 0 0 1 4 5.3v3.6l1.6 2.3c.5.7 0 1.6-.8 1.6H5.7c-.8 0-1.3-.9-.8-1.6l1.6-2.3v-3.6a5.5 5.5 0 0 1 4-5.3v-.4A1.5 1.5 0 0 1 12 3Z" />
      <path d="M9.8 19h4.4a2.2 2.2 0 0 1-4.4 0Z" />
    </svg>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => Array.from(word)[0]?.toUpperCase() ?? "")
    .join("");
}

/** The same person has the same colour, whatever ids a new start gives out. */
function toneOf(name: string): number {
  return Array.from(name).reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973, 7) % TONES;
}
