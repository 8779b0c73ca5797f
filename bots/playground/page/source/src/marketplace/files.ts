// Pictures that a buyer attaches, as the marketplace takes them.

export interface AttachedFile {
  name: string;
  type: string;
  /** The bytes in base64. */
  data: string;
}

export const MOST_BYTES = 5 * 2 ** 20;
const STEP = 0x8000; // as many arguments as every browser takes

export async function readFiles(files: FileList | null): Promise<AttachedFile[]> {
  const small = [...(files ?? [])].filter((file) => file.size <= MOST_BYTES);
  return Promise.all(
    small.map(async (file) => ({
      name: file.name,
      type: file.type,
      data: toBase64(new Uint8Array(await file.arrayBuffer())),
    })),
  );
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += STEP) {
    text += String.fromCharCode(...bytes.subarray(start, start + STEP));
  }
  return btoa(text);
}
