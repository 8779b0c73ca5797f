// Emoji that people left under a message.

import { Emoji } from "./drawing";
import { emoji } from "./emoji";

export function Reactions({ reactions }: { reactions: readonly { name: string; users: string[] }[] }) {
  return (
    <ul class="reactions" aria-label="Reactions">
      {reactions.map(({ name, users }) => (
        <li key={name}>
          <Emoji name={`:${name}:`} sign={emoji(name) ?? `:${name}:`} /> {users.length}
        </li>
      ))}
    </ul>
  );
}
