// Secondary attachments: what stands behind a coloured bar.

import { Blocks } from "./blocks";
import { Link, Text } from "./drawing";
import { Picture } from "./picture";
import type { Attachment } from "./shapes";
import { tableOf } from "./table-of";

const NAMED = tableOf({ good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" });

export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  return attachments.map((attachment, index) => <Attached key={index} of={attachment} />);
}

function Attached({ of }: { of: Attachment }) {
  return (
    <>
      {of.pretext && <Words text={of.pretext} />}
      <div class="attachment">
        <Bar color={of.color ?? ""} />
        <div>
          {of.author_name && <p class="author">{of.author_name}</p>}
          {of.title && (
            <p class="title">
              <Link url={of.title_link ?? ""}>{of.title}</Link>
            </p>
          )}
          {of.text && <Words text={of.text} />}
          {of.fields && (
            <dl class="fields">
              {of.fields.map((field, index) => (
                <div key={index} class={field.short ? undefined : "whole"}>
                  <dt>{field.title}</dt>
                  <dd>
                    <Words text={field.value ?? ""} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
          {of.blocks && <Blocks blocks={of.blocks} />}
          {of.image_url && <Picture of={of} />}
          {of.footer && <p class="foot">{of.footer}</p>}
        </div>
      </div>
    </>
  );
}

function Words({ text }: { text: string }) {
  return (
    <div class="said">
      <Text of={{ type: "mrkdwn", text }} />
    </div>
  );
}

function Bar({ color }: { color: string }) {
  const hex =
    NAMED.get(color) ?? (/^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.test(color) ? `#${color.replace("#", "")}` : "#dddddd");
  return (
    <svg class="bar" aria-hidden="true">
      <rect width="100%" height="100%" rx="2" fill={hex} />
    </svg>
  );
}
