// Pictures and files: what this machine has is shown, what lies elsewhere is only named, since no request leaves.

import type { Element, SlackFile } from "./shapes";

type Pictured = Pick<Element, "image_url" | "alt_text" | "slack_file">;

export function Picture({ of }: { of: Pictured }) {
  const url = of.image_url ?? of.slack_file?.url ?? (of.slack_file?.id ? `/page/files/slack/${of.slack_file.id}` : "");
  if (isHere(url)) return <img class="picture" src={url} alt={of.alt_text ?? ""} loading="lazy" />;
  return (
    <span class="picture away" role="img" aria-label={`Picture: ${of.alt_text ?? ""}`} title={url}>
      <span aria-hidden="true">🖼️</span> {of.alt_text}
    </span>
  );
}

export function Files({ files }: { files: readonly SlackFile[] }) {
  return (
    <ul class="files">
      {files.map((file, index) => (
        <li key={index}>
          <FileFace file={file} />
        </li>
      ))}
    </ul>
  );
}

function FileFace({ file }: { file: SlackFile }) {
  const name = file.title || file.name;
  if (file.mimetype?.startsWith("image/") && file.url && isHere(file.url)) {
    return (
      <figure>
        <figcaption>{name}</figcaption>
        <a href={file.url} target="_blank" rel="noopener noreferrer">
          <img class="picture" src={file.url} alt={file.alt_txt || name} loading="lazy" />
        </a>
      </figure>
    );
  }
  const face = (
    <>
      <span class="file-icon" aria-hidden="true">
        {extension(file.name)}
      </span>
      <span>
        <strong>{name}</strong>
        <small>{weight(file.size)}</small>
      </span>
    </>
  );
  return file.url && isHere(file.url) ? (
    <a class="file" href={file.url} target="_blank" rel="noopener noreferrer">
      {face}
    </a>
  ) : (
    <span class="file">{face}</span>
  );
}

export function isHere(url: string): boolean {
  return url.startsWith("/page/files/") || url.startsWith(`${location.origin}/page/files/`);
}

function extension(name: string): string {
  return (/\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? "file").toUpperCase();
}

export function weight(size: number): string {
  if (size < 1000) return `${size} B`;
  return size < 1_000_000 ? `${Math.round(size / 1000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}
