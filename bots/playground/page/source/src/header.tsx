// What this page is, and whether it is light or dark.

import { useEffect, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";

export function Header() {
  return (
    <header class="page-head">
      <span class="page-bell" aria-hidden="true">
        <Icon name="bell" />
      </span>
      <h1>
        Shopbell <span>playground</span>
      </h1>
      <p>
        A buyer writes at the marketplace; the bell rings in Slack and in Telegram; an answer from either goes back.
      </p>
      <ThemeSwitch />
    </header>
  );
}

type Theme = "auto" | "light" | "dark";

const THEMES: [theme: Theme, label: string, icon: IconName][] = [
  ["auto", "As the system", "auto"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
];
const KEPT = "shopbell-theme";

function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => kept());
  useEffect(() => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEPT, theme);
  }, [theme]);
  return (
    <div class="themes" role="group" aria-label="Colours">
      {THEMES.map(([value, label, icon]) => (
        <button
          type="button"
          key={value}
          title={label}
          aria-label={label}
          aria-pressed={theme === value}
          onClick={() => setTheme(value)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </div>
  );
}

function kept(): Theme {
  const found = localStorage.getItem(KEPT);
  return THEMES.find(([theme]) => theme === found)?.[0] ?? "auto";
}
