// A draft → the hand that does what the app would do with it.

import type { Act, Json } from "../hands";
import type { Draft } from "./drafts";

export interface Place {
  user: number;
  chat: number;
  thread: number | null;
  reply_to: number | null;
}

/** Whether the hand did it; the page has said why not. */
export async function send(act: Act, place: Place, draft: Draft): Promise<boolean> {
  const { user, chat } = place;
  if (draft.editing) {
    const given = { user, chat, message_id: draft.editing.message_id, text: draft.text };
    return (await act("/telegram/hands/edit", given)) !== null;
  }
  if (!draft.file) return (await act("/telegram/hands/send", { ...place, text: draft.text })) !== null;
  return (await sendFile(act, place, draft.file, draft.text)) !== null;
}

async function sendFile(act: Act, place: Place, file: File, caption: string): Promise<Json | null> {
  const data = await inBase64(file);
  if (file.type.startsWith("image/")) {
    return act("/telegram/hands/send_photo", { ...place, caption, data, mime: file.type });
  }
  const mime = file.type || "application/octet-stream";
  return act("/telegram/hands/send_document", { ...place, name: file.name, mime, data });
}

async function inBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}
