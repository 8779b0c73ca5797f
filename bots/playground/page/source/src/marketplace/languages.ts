// The languages and zones that a new buyer can be given.

export const LANGUAGES = ["en", "de", "fr", "es", "pt-BR", "ja", "ar", "hi", "uk"] as const;
export const ZONES = [
  "Europe/Paris",
  "Europe/London",
  "America/New_York",
  "America/Los_Angeles",
  "America/Sao_Paulo",
  "Africa/Cairo",
  "Asia/Kolkata",
  "Asia/Tokyo",
  "Pacific/Auckland",
] as const;

const names = new Intl.DisplayNames("en", { type: "language" });

export function languageName(tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** `Asia/Tokyo` → `Tokyo`. */
export const cityOf = (zone: string) => (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
