// A table block. Its first row is the head, as Slack draws it.

import { RichText } from "./rich-text";
import type { Block, Cell } from "./shapes";

export function Table({ block }: { block: Block }) {
  const [head = [], ...rows] = block.rows ?? [];
  const align = (column: number) => block.column_settings?.[column]?.align ?? "left";
  const cells = (row: readonly Cell[], Tag: "td" | "th") =>
    row.map((cell, column) => (
      <Tag key={column} class={align(column)} scope={Tag === "th" ? "col" : undefined}>
        {cell.type === "rich_text" ? <RichText elements={cell.elements ?? []} /> : cell.text}
      </Tag>
    ));
  return (
    <div class="table">
      <table>
        <thead>
          <tr>{cells(head, "th")}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
