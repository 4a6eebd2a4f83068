import type { Observation } from '../../model/production/observation.ts';
import type { ObservedChange } from '../../model/production/observedChange.ts';
import type { Interval } from '../../model/production/observedFigures.ts';
import { formatShare, formatSignedChange } from '../../text/format.ts';

/** What is said of changes to a function, and of the one that was to come true. */

export function changeText({ at, kind, what, costRatio, durationRatio }: ObservedChange): string {
  const day = `${at.slice(0, 10)} ${at.slice(11, 16)}`;
  const subject =
    kind === 'date'
      ? `${what.charAt(0).toUpperCase()}${what.slice(1)}`
      : kind === 'unknown'
        ? `Since ${day} (${what})`
        : `Since ${what}, ${day}`;
  return `${subject}: cost per million ${ratioText(costRatio)}, duration ${ratioText(durationRatio)}.`;
}

const decidedText = {
  holds: 'it came true',
  fails: 'it did not come true',
  inconclusive: 'it cannot be told',
} as const;
const requiredText = { cheaper: 'Cheaper', 'not-slower': 'Not slower', both: 'Cheaper and not slower' } as const;

/** The verdict of `--since-change`. */
export function sinceChangeTexts({ sinceChange }: Observation): readonly string[] {
  if (sinceChange === undefined) return [];
  const { change, required } = sinceChange;
  return [
    changeText(change),
    ...(required === undefined
      ? []
      : [
          `${requiredText[required.require]}: ${decidedText[required.decided]}${required.notSlower === undefined ? '' : ` (${formatShare(required.maxSlowdown)} longer would still not be slower)`}.`,
        ]),
  ];
}

/** "+12 % (8 to 16)" */
function ratioText(ratio: Interval | null): string {
  if (ratio === null) return 'cannot be told';
  const percent = (value: number) => formatSignedChange(value - 1);
  const sign = ratio.estimate > 1 ? '+' : '';
  return `${sign}${percent(ratio.estimate)} % (${percent(ratio.low)} to ${percent(ratio.high)})`;
}
