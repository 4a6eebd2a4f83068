import { gunzipSync } from 'node:zlib';

/** What is packed in them; undefined where nothing is, or more than `mostBytes`. */
export function gunzipped(bytes: Uint8Array, mostBytes: number): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  try {
    return gunzipSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}
