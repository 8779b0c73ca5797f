// What a text says once it is read: formats, and what stands in it besides signs.

export type Drawn =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold" | "italic" | "strike" | "code" | "pre" | "quote"; readonly inside: readonly Drawn[] }
  | { readonly kind: "link"; readonly url: string; readonly inside: readonly Drawn[] }
  | { readonly kind: "emoji"; readonly name: string; readonly sign: string }
  /** Without an id it was typed as a bare `@name`, which is a mention only if somebody is called so. */
  | { readonly kind: "person" | "channel"; readonly id: string; readonly label: string }
  | { readonly kind: "ping"; readonly label: string }
  | {
      readonly kind: "date";
      readonly at: number;
      readonly template: string;
      readonly url: string;
      readonly fallback: string;
    }
  | { readonly kind: "unknown"; readonly what: string };
