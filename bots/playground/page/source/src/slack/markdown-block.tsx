// A markdown block, drawn.

import { useMemo } from "preact/hooks";
import { Drawing } from "./drawing";
import { markdown, type Part } from "./markdown";

export function Markdown({ text }: { text: string }) {
  const parts = useMemo(() => markdown(text), [text]);
  return (
    <div class="rich said">
      {parts.map((part, index) => (
        <Drawn key={index} part={part} />
      ))}
    </div>
  );
}

function Drawn({ part }: { part: Part }) {
  switch (part.kind) {
    case "rule":
      return <hr />;
    case "code":
      return <pre>{part.text}</pre>;
    case "list": {
      const items = part.items.map((item, index) => (
        <li key={index}>
          <Drawing of={item} />
        </li>
      ));
      return part.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case "heading":
      return (
        <h4>
          <Drawing of={part.inside} />
        </h4>
      );
    case "quote":
      return (
        <blockquote>
          <Drawing of={part.inside} />
        </blockquote>
      );
    case "paragraph":
      return (
        <p>
          <Drawing of={part.inside} />
        </p>
      );
  }
}
