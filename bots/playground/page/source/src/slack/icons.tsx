// Small signs, in the colour of the words around them.

export function Eye() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M10 4.5c4 0 6.8 3 8 5.5-1.2 2.5-4 5.5-8 5.5S3.2 12.5 2 10c1.2-2.5 4-5.5 8-5.5Zm0 2.2a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6Zm0 1.6a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4Z" />
    </svg>
  );
}

export function Bubble() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M4 3h12a2 2 0 0 1 2 2v7.5a2 2 0 0 1-2 2H9.5L5.6 17.4a.7.7 0 0 1-1.1-.6v-2.3H4a2 2 0 0 1-2-2V5c0-1.1.9-2 2-2Zm0 1.6a.4.4 0 0 0-.4.4v7.5c0 .2.2.4.4.4h2.1v2.1l2.8-2.1H16c.2 0 .4-.2.4-.4V5a.4.4 0 0 0-.4-.4H4Z" />
    </svg>
  );
}

export function Bin() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M8 2.5h4a1 1 0 0 1 1 1V4h3.5v1.6h-1L14.7 16a1.6 1.6 0 0 1-1.6 1.5H6.9A1.6 1.6 0 0 1 5.3 16L4.5 5.6h-1V4H7v-.5a1 1 0 0 1 1-1Zm-1.9 3.1.8 10.3h6.2l.8-10.3H6.1Z" />
    </svg>
  );
}

export function Plane() {
  return (
    <svg viewBox="0 0 20 20" class="icon" aria-hidden="true">
      <path d="M2.3 3.2c0-.7.7-1.2 1.4-.9l14 6.8c.7.4.7 1.4 0 1.8l-14 6.8c-.7.3-1.4-.2-1.4-.9l.9-5.3 7.3-1.1a.4.4 0 0 0 0-.8L3.2 8.5l-.9-5.3Z" />
    </svg>
  );
}
