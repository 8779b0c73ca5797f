// Whom and what each pane shows. It stands in the address after the #, so that a reload stands where it was.

const PARTS = {
  slack: ["user", "channel", "thread", "home"],
  telegram: ["user", "chat", "thread"],
  marketplace: ["shop", "conversation"],
  shown: ["pane"],
} as const;

export type Selectable = keyof typeof PARTS;

/** The parts of one pane's selection; what is absent is the server's choice. */
export type Selection = Partial<Record<string, string>>;
export type Selections = Record<Selectable, Selection>;

export const NOTHING: Selections = { slack: {}, telegram: {}, marketplace: {}, shown: {} };

/** Reads `#slack.user=U1&telegram.chat=5`; what it does not know it leaves out. */
export function fromHash(hash: string): Selections {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const read = structuredClone(NOTHING);
  for (const pane of Object.keys(PARTS) as Selectable[]) {
    for (const part of PARTS[pane]) {
      const value = given.get(`${pane}.${part}`);
      if (value) read[pane][part] = value;
    }
  }
  return read;
}

export function toHash(selections: Selections): string {
  const written = new URLSearchParams();
  for (const pane of Object.keys(PARTS) as Selectable[]) {
    for (const part of PARTS[pane]) {
      const value = selections[pane][part];
      if (value) written.set(`${pane}.${part}`, value);
    }
  }
  const text = written.toString();
  return text ? `#${text}` : "";
}

/** The query by which a pane's door is asked: `?user=U1&channel=C1`, or nothing. */
export function toQuery(selection: Selection, more: Selection = {}): string {
  const all = Object.entries({ ...selection, ...more }).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const text = new URLSearchParams(all).toString();
  return text ? `?${text}` : "";
}
