/** US$ per GB that is streamed beyond the first 6 MB of a request (AWS Lambda pricing): seen for this region alone. */
const streamedGbUsd: Readonly<Record<string, number>> = { 'us-east-1': 0.008 };

/** Free with every request, and what an answer in one piece may have at most. */
export const freeStreamedBytes = 6 * 1024 * 1024;
/** An answer that is streamed may be so long (AWS Lambda quotas). */
const mostStreamedBytes = 200 * 1024 * 1024;
/** Beyond the first 6 MB no more than that goes out in a second (AWS Lambda quotas). */
const bytesPerS = 2 * 1024 * 1024;
/** [infer] as the price of the memory counts it */
const bytesPerGb = 1024 ** 3;

/** What answering with so many bytes adds to the price of a call; undefined where it costs and the price is not known. */
export function streamedBytesCostUsd(bytes: number, region: string): number | undefined {
  const paidBytes = Math.max(0, bytes - freeStreamedBytes);
  if (paidBytes === 0) return 0;
  const perGb = Object.hasOwn(streamedGbUsd, region) ? streamedGbUsd[region] : undefined;
  return perGb === undefined ? undefined : (paidBytes / bytesPerGb) * perGb;
}

/** What a call can stream until its timeout. */
export function mostStreamed(timeoutS: number): number {
  return Math.min(mostStreamedBytes, freeStreamedBytes + timeoutS * bytesPerS);
}
