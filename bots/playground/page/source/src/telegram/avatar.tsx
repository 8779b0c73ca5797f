// The round picture of a person, a bot or a group: their letters on their colour.

import { hueOf, initials } from "./runs";

export function Avatar({ id, name, bot = false }: { id: number; name: string; bot?: boolean }) {
  return (
    <span class={`tg-avatar back-${bot ? "blue" : hueOf(id)}`} aria-hidden="true">
      {bot ? (
        <svg viewBox="0 0 24 24" class="tg-bell" aria-hidden="true">
          <path d="M12 3a1.500 1.500 0 0 1 1.500 1.500v.7A5.500 5.500 0 0 1 17.500 10.500v4l2 3h-15l2-3v-4a5.500 5.500 0 0 1 4-5.300v-.7A1.500 1.500 0 0 1 12 3zM10 19h4a2 2 0 0 1-4 0z" />
        </svg>
      ) : (
        initials(name)
      )}
    </span>
  );
}
