// What is offered above the input while somebody types: commands after a "/", a bot's results after its @name.

import type { Command } from "./shapes";

export type Asked = { kind: "command"; begun: string } | { kind: "inline"; query: string };

export function asked(text: string, bot: string): Asked | null {
  const command = /^\/([a-z0-9_]*)$/i.exec(text);
  if (command) return { kind: "command", begun: (command[1] ?? "").toLowerCase() };
  const called = /^@([A-Za-z0-9_]+)\s(.*)$/s.exec(text);
  if (called && called[1]?.toLowerCase() === bot.toLowerCase()) return { kind: "inline", query: called[2] ?? "" };
  return null;
}

export function offered(menu: readonly Command[], begun: string): Command[] {
  return menu.filter((one) => one.command.startsWith(begun));
}

/** In a group a command carries the bot's name: others may listen there too. */
export function commandText(command: Command, bot: string, alone: boolean): string {
  return alone ? `/${command.command}` : `/${command.command}@${bot}`;
}
