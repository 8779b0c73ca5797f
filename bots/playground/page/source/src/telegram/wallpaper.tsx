// What lies behind the messages: Telegram's soft colours, with small drawings over them.

// Strokes on a field of 120 by 120, of things that a seller has to do with.
const DRAWINGS = [
  "M18 12a5 5 0 0 1 5 5v5l2 3H11l2-3v-5a5 5 0 0 1 5-5zm-2 15h4",
  "M52 14h22v15H52zm0 0 11 9 11-9",
  "m100 10 3 6 7 1-5 5 1 7-6-3.500-6 3.500 1-7-5-5 7-1z",
  "M14 58l6-7h12l6 7-12 14z M14 58h24",
  "M62 52c-4-5-12-1-10 5 1 4 6 8 10 11 4-3 9-7 10-11 2-6-6-10-10-5z",
  "M94 54h18l-2 14H96zm4 0c0-8 10-8 10 0",
  "M16 94h14v10H16zm14 2h4a3 3 0 0 1 0 6h-4M19 88v3m4-3v3m4-3v3",
  "M54 102l22-14-7 20-5-8zm10 2 12-12",
  "M98 92a8 8 0 1 1 8 10l-7 4 1-6a8 8 0 0 1-2-8z",
  "M40 36a3 3 0 1 0 .1 0M84 40l4 4m0-4-4 4M42 80l5 0m-2.500-2.500v5M84 78a2 2 0 1 0 .1 0M4 36l4 4m0-4-4 4M6 80a2 2 0 1 0 .1 0",
];

export function Wallpaper() {
  return (
    <svg class="tg-wallpaper" aria-hidden="true">
      <pattern id="tg-drawings" width="120" height="120" patternUnits="userSpaceOnUse" patternTransform="rotate(-8)">
        <path d={DRAWINGS.join("")} />
      </pattern>
      <rect width="100%" height="100%" fill="url(#tg-drawings)" />
    </svg>
  );
}
