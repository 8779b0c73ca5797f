// The few signs that Telegram draws instead of words; whatever has one has a label too.

const PATHS = {
  send: "M3 20.5V14l9-2-9-2V3.5l19 8.5z",
  attach: "M20 11.5 12.3 19a5 5 0 0 1-7-7l8.2-8a3.3 3.3 0 0 1 4.7 4.6l-8.2 8a1.7 1.7 0 0 1-2.4-2.3l7-6.9",
  close: "m6 6 12 12M18 6 6 18",
  reply: "M10 5 3 11.5 10 18v-4c5 0 8 1.3 11 5-.8-6-4.3-9.5-11-10z",
  edit: "m4 20 1-4.5L16.500 4 20 7.500 8.500 19z",
  more: "M12 6.500a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400m0 7.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400m0 7.200a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400",
  back: "M20 12H5m6-6-6 6 6 6",
  down: "m6 9 6 6 6-6",
  menu: "M5 7h14M5 12h14M5 17h14",
  keys: "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14.500h8",
  tick: "m4 13 4.500 4.500L19 7",
  ticks: "m2 13 4.500 4.500L16 8m-4.500 8 1.500 1.500L22.500 8",
  link: "M8 6h10v10M18 6 6 18",
  copy: "M8 8V4h12v12h-4M4 8h12v12H4z",
  at: "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0v1.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-4 7.500",
  pin: "M9 3h6l-1 7 4 4H6l4-4zM12 14v7",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  voice: "M9 5.500a3 3 0 0 1 6 0V12a3 3 0 0 1-6 0zM5 11.500a7 7 0 0 0 14 0M12 18.500V22",
  plus: "M12 5v14M5 12h14",
} as const;

export type IconName = keyof typeof PATHS;

const FILLED = new Set<IconName>(["send", "reply", "pin", "more"]);

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={FILLED.has(name) ? "tg-icon filled" : "tg-icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
