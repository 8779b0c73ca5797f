// Block Kit, block by block: docs.slack.dev/reference/block-kit/blocks. One that is not known is said to be.

import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Text, Undrawable } from "./drawing";
import { Acting, Field } from "./elements";
import { Markdown } from "./markdown-block";
import { Picture } from "./picture";
import { RichText } from "./rich-text";
import type { Block, RichElement } from "./shapes";
import { useSurface } from "./surface";
import { Table } from "./table";
import { tableOf } from "./table-of";
import { initial } from "./values";

type Draw = (props: { block: Block; id: string }) => JSX.Element;

const BLOCKS = tableOf<Draw>({
  section: Section,
  header: ({ block }) => (
    <h4 class="block-header">
      <Text of={block.text} />
    </h4>
  ),
  context: Context,
  divider: () => <hr />,
  actions: Actions,
  image: ImageBlock,
  input: Input,
  rich_text: ({ block }) => <RichText elements={(block.elements ?? []) as RichElement[]} />,
  markdown: ({ block }) => <Markdown text={String(block.text ?? "")} />,
  table: ({ block }) => <Table block={block} />,
  alert: ({ block }) => (
    <div class={`alert ${block.level ?? "default"} said`} role="note">
      <Text of={block.text} />
    </div>
  ),
});

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  const count: Record<string, number> = {};
  return (
    <div class="blocks">
      {blocks.map((block, index) => {
        const Drawn = BLOCKS.get(block.type);
        const id = block.block_id ?? String(index);
        // An app gives its blocks new ids when it redraws a message, and the keyboard shall stay where it was. Only
        // of a field does the id say whether it is the same one.
        count[block.type] = (count[block.type] ?? 0) + 1;
        const key = block.type === "input" ? id : `${block.type} ${count[block.type]}`;
        return Drawn ? <Drawn key={key} block={block} id={id} /> : <Undrawable key={key} what={block.type} />;
      })}
    </div>
  );
}

function Section({ block, id }: { block: Block; id: string }) {
  return (
    <div class={block.accessory ? "section beside" : "section"}>
      <div class="words">
        {block.text && (
          <div class="said">
            <Text of={block.text} />
          </div>
        )}
        {block.fields && (
          <div class="fields">
            {block.fields.map((field, index) => (
              <div class="said" key={index}>
                <Text of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div class="accessory">
          <Acting element={block.accessory} block={id} />
        </div>
      )}
    </div>
  );
}

function Context({ block, id }: { block: Block; id: string }) {
  return (
    <div class="context">
      {(block.elements ?? []).map((element, index) => (
        <Acting key={index} element={element} block={id} />
      ))}
    </div>
  );
}

function Actions({ block, id }: { block: Block; id: string }) {
  return (
    <div class="actions">
      {(block.elements ?? []).map((element, index) => (
        <Acting key={element.action_id ?? index} element={element} block={id} />
      ))}
    </div>
  );
}

function ImageBlock({ block }: { block: Block }) {
  return (
    <figure class="image-block">
      {block.title && (
        <figcaption>
          <Text of={block.title} />
        </figcaption>
      )}
      <Picture of={block} />
    </figure>
  );
}

const GROUPED = new Set(["radio_buttons", "checkboxes"]);

function Input({ block, id }: { block: Block; id: string }) {
  const name = useId();
  const surface = useSurface();
  const element = block.element;
  if (!element) return <Undrawable what="input without an element" />;
  const fault = surface.faults[id];
  const described = [fault ? `${name}-fault` : "", block.hint ? `${name}-hint` : ""].filter(Boolean).join(" ");
  const label = (
    <>
      <Text of={block.label} />
      {block.optional && <span class="optional"> (optional)</span>}
    </>
  );
  return (
    <div class={fault ? "input wrong" : "input"} data-block={id}>
      {GROUPED.has(element.type) ? <span class="label">{label}</span> : <label for={name}>{label}</label>}
      <Field
        element={element}
        value={surface.given(id, element) ?? initial(element)}
        change={(value) => surface.enter(id, element, value)}
        id={GROUPED.has(element.type) ? undefined : name}
        label={block.label?.text}
        describedBy={described || undefined}
        invalid={fault !== undefined}
      />
      {fault && (
        <p class="fault" id={`${name}-fault`}>
          {fault}
        </p>
      )}
      {block.hint && (
        <p class="note" id={`${name}-hint`}>
          <Text of={block.hint} />
        </p>
      )}
    </div>
  );
}
