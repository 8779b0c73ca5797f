// A round initial in a colour that stays with the name.

const COLOURS = 6;

export function Avatar({ name }: { name: string }) {
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return (
    <span class={`market-avatar market-avatar-${sum % COLOURS}`} aria-hidden="true">
      {[...name][0] ?? "?"}
    </span>
  );
}
