// Small drawings beside words; a screen reader passes over them.

const PATHS = {
  bell: "M12 3a5 5 0 0 0-5 5c0 5-2 6-2 8h14c0-2-2-3-2-8a5 5 0 0 0-5-5zM10 19a2 2 0 0 0 4 0",
  auto: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.400M17.6 17.6 19 19M5 19l1.4-1.400M17.6 6.4 19 5",
  moon: "M20 14.500A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.500z",
  clip: "m20 11-8.5 8.500a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.700l-8.5 8.500a1.7 1.7 0 0 1-2.4-2.400l7.7-7.6",
  tick: "m5 12.5 4.5 4.500L19 7.5",
  pen: "M4 20l1-4L16.5 4.500a2.1 2.1 0 0 1 3 3L8 19zM14.5 6.500l3 3",
  bin: "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  flag: "M5 21V4h12l-2.5 4L17 12H5",
  send: "M4 12 20 4l-5 16-3.5-6.500z",
  shop: "M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9c0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0 0 3 4 3 4 0",
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M4 15h16",
  plane: "M21 4 3 11l6 2.500L18 7l-7 7.500V20l3-3.5 4 3z",
  gauge: "M12 14l4-5M4 17a9 9 0 1 1 16 0",
  wire: "M4 8h14l-3-3M20 16H6l3 3",
  down: "m6 9 6 6 6-6",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="sign" viewBox="0 0 24 24" fill="none" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
