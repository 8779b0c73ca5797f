// What a message carries beside words: a picture, a file, a sticker, a voice message.

import { Icon } from "./icons";
import type { File, Message } from "./shapes";

export function Media({ message }: { message: Message }) {
  if (message.photo) {
    const largest = message.photo.at(-1);
    return largest ? <img class="tg-photo" src={addressOfFile(largest)} alt={message.caption ?? "Photo"} /> : null;
  }
  if (message.document) return <Document file={message.document} />;
  if (message.sticker) {
    return (
      <span class="tg-sticker" role="img" aria-label={`Sticker ${message.sticker.emoji ?? ""}`}>
        {message.sticker.emoji}
      </span>
    );
  }
  if (message.voice) {
    return (
      <div class="tg-file">
        <span class="tg-file-sign">
          <Icon name="voice" />
        </span>
        <span class="tg-file-name">Voice message</span>
        <span class="tg-file-size">0:{String(message.voice.duration).padStart(2, "0")}</span>
      </div>
    );
  }
  return null;
}

function Document({ file }: { file: File }) {
  const name = file.file_name ?? "File";
  return (
    <a class="tg-file" href={addressOfFile(file)} download={name}>
      <span class="tg-file-sign">
        <Icon name="file" />
      </span>
      <span class="tg-file-name">{name}</span>
      <span class="tg-file-size">{sizeOf(file.file_size ?? 0)}</span>
    </a>
  );
}

function addressOfFile(file: File): string {
  return `/page/files/telegram/${encodeURIComponent(file.file_id)}`;
}

export function sizeOf(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${(bytes / 1e3).toFixed(1)} KB` : `${bytes} B`;
}
