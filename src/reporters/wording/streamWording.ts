import type { StreamedFigures } from '../../advice/statements.ts';
import { freeStreamedBytes } from '../../pricing/streamedBytesCost.ts';
import { formatBytes, formatDuration } from '../../text/format.ts';
import type { Namer } from './namer.ts';

/** How answers arrived, beside what Lambda reports: the network is in it, and on the embedded endpoint waiting for a core. */
export function streamSentence(
  { named, start, firstByteMs, totalMs, durationMs, bytes, unpricedIn }: StreamedFigures,
  name: Namer,
): string {
  const first = firstByteMs === undefined ? '' : `the first byte came after ${formatDuration(firstByteMs)}, `;
  const long = bytes.max > freeStreamedBytes ? '; above 6 MB they are counted, not kept' : '';
  const price =
    unpricedIn === undefined
      ? ''
      : ` What is beyond 6 MB costs extra: its price in ${unpricedIn} is not known and in no figure.`;
  return (
    `${name(named)}, ${start} calls: ${first}the answer was complete after ${formatDuration(totalMs)} ` +
    `(medians by the client’s clock, with the network), Lambda reports ${formatDuration(durationMs)}. ` +
    `Answers of ${sizesText(bytes)}${long}.${price}`
  );
}

function sizesText({ min, max }: StreamedFigures['bytes']): string {
  return min === max ? formatBytes(max) : `${formatBytes(min)} to ${formatBytes(max)}`;
}
