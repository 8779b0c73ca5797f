// A pane shows the newest hundred messages and those before them that were asked for; this keeps the two in one piece.

interface Talk {
  messages: object[];
  older: boolean;
}

const WHERE = ["user", "channel", "chat", "thread", "shop", "conversation"];

/** The fresh answer, with the messages before its first one that were there already, if both are of the same place. */
export function joined<State extends Talk>(known: State | undefined, fresh: State): State {
  const first = fresh.messages[0];
  if (!known || first === undefined || placeOf(known) !== placeOf(fresh)) return fresh;
  const since = known.messages.findIndex((message) => idOf(message) === idOf(first));
  if (since <= 0) return fresh;
  return { ...fresh, messages: [...known.messages.slice(0, since), ...fresh.messages], older: known.older };
}

function placeOf(talk: object): string {
  return WHERE.map((part) => {
    const value = (talk as Record<string, unknown>)[part];
    return typeof value === "object" ? "" : String(value ?? "");
  }).join(" ");
}

function idOf(message: object): unknown {
  const { ts, message_id, id } = message as Record<string, unknown>;
  return ts ?? message_id ?? id;
}
