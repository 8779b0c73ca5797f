// Files from this machine, as a hand takes them: their bytes in base64.

export interface Packed extends Record<string, unknown> {
  name: string;
  mimetype: string;
  data: string;
}

export async function packed(files: Iterable<File>): Promise<Packed[]> {
  return Promise.all(
    Array.from(files, async (file) => ({
      name: file.name,
      mimetype: file.type || "application/octet-stream",
      data: base64(new Uint8Array(await file.arrayBuffer())),
    })),
  );
}

const CHUNK = 0x8000; // arguments that one call takes everywhere

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
