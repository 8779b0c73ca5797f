// A file input: files are uploaded as they are chosen, and go with the form when it is sent.

import { useId, useState } from "preact/hooks";
import { useDesk } from "./desk";
import type { Control } from "./picking";
import { weight } from "./picture";
import type { Uploaded, Value } from "./surface";
import { packed } from "./uploads";

const MOST = 10; // what Slack takes where nothing else is said

export function FileInput({ element, value, change, id, label, describedBy, invalid }: Control) {
  const { act, user } = useDesk();
  const own = useId();
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState("");
  const chosen = uploadedIn(value);
  const most = element.max_files ?? MOST;
  const take = async (files: Iterable<File>) => {
    const wanted = Array.from(files);
    const room = wanted.slice(0, most - chosen.length);
    setTold(wanted.length > room.length ? `At most ${most} files fit.` : "");
    setBusy(true);
    const answers = await Promise.all(
      (await packed(room)).map((file) => act("/slack/hands/upload", { user, ...file })),
    );
    setBusy(false);
    const added = answers.flatMap((answer) => (answer ? [answer.result as Uploaded] : []));
    if (added.length > 0) change([...chosen, ...added]);
  };
  return (
    <fieldset
      class="attaching"
      aria-label={label ?? "Files"}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer?.files ?? []);
      }}
    >
      <label class="button" for={id ?? own}>
        {busy ? "Uploading…" : "Upload files"}
      </label>
      <input
        type="file"
        class="unseen"
        id={id ?? own}
        multiple={most > 1}
        accept={(element.filetypes ?? []).map((type) => `.${type}`).join(",")}
        aria-label={label ?? "Files"}
        aria-invalid={invalid === true}
        {...(describedBy ? { "aria-describedby": describedBy } : {})}
        onChange={(event) => {
          void take(Array.from(event.currentTarget.files ?? []));
          event.currentTarget.value = "";
        }}
      />
      <span class="note"> or drop them here</span>
      <ul>
        {chosen.map((file) => (
          <li key={file.id}>
            {file.name} <small>{weight(file.size)}</small>
            <button
              type="button"
              aria-label={`Remove ${file.name}`}
              onClick={() => change(chosen.filter((each) => each !== file))}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
      <p class="fault" role="status">
        {told}
      </p>
    </fieldset>
  );
}

function uploadedIn(value: Value): readonly Uploaded[] {
  return Array.isArray(value) ? value.filter((each): each is Uploaded => typeof each === "object") : [];
}
