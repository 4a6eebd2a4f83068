import type { ColdStartFigures } from '../../advice/statements.ts';
import { formatDuration, formatNumberOf } from '../../text/format.ts';
import type { Namer } from './namer.ts';

export function coldStartSentence(figures: ColdStartFigures, name: Namer): string {
  const { named, of, count, meanMs, interval, first } = figures;
  const bounds =
    interval === undefined ? '' : ` (95 %: ${formatDuration(interval.low)} to ${formatDuration(interval.high)})`;
  const mean = `${formatDuration(meanMs)} on average${bounds}`;
  switch (of) {
    case 'init':
      return `${name(named)}: init takes ${mean}, of ${formatNumberOf(count, 'cold start')}.`;
    case 'restore':
      return (
        `${name(named)}: the first restores after publishing take ${mean}, n = ${count}. ${slower} ` +
        `Later ones were not measured: --cold-starts 10 makes some.`
      );
    case 'later': {
      const before =
        first === undefined ? '' : `; the first ones of a version ${formatDuration(first.meanMs)}, n = ${first.count}`;
      return `${name(named)}: restores take ${mean}, n = ${count}${before}. ${slower}${agoText(figures)}`;
    }
  }
}

const slower = 'Restores of the first minutes after publishing are slower.';

function agoText({ lastSinceReadyMs }: ColdStartFigures): string {
  if (lastSinceReadyMs === undefined) return '';
  return ` All of these were made within ${formatDuration(lastSinceReadyMs)} of it, so production’s may be faster.`;
}
