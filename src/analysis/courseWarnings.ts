import { keysOf } from '../base/keys.ts';
import { type Configuration, compareConfigurations, nameOf, namesOf } from '../model/configuration.ts';
import type { Warning } from '../model/warning.ts';
import { mean } from '../stats/moments.ts';
import { type Oddity, odditiesOf, settled } from '../stats/series.ts';
import type { SteadyPart } from '../stats/steadyState.ts';
import { formatCount, formatDuration } from '../text/format.ts';
import { numberOf } from '../text/numberOf.ts';
import { telling } from '../text/telling.ts';
import { roundedUp } from './difference.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { successesOf } from './rows.ts';
import { isSucceeded, type Succeeded, sampleBy } from './summarize.ts';

/** A lane by its judged calls, and by all of them. */
export interface Steadied extends MeasuredLane {
  readonly all: MeasuredLane;
  readonly steady: SteadyPart | undefined;
}

/** How the calls of a size went on: slower at first, drifting, of two classes, with rare long ones. */
export function courseWarnings(
  lanes: readonly Steadied[],
  { payloads }: Pick<AnalysisInput, 'payloads'>,
): readonly (Warning | undefined)[] {
  const isSteadied = ({ steady }: Steadied) => steady !== undefined;
  return [
    ...firstCallsApart(lanes),
    ...oddities(
      lanes.filter((lane) => !isSteadied(lane)),
      lanes.filter(isSteadied),
      payloads,
    ),
  ];
}

/** Both figures of each size, so that nobody takes one for the other. */
function firstCallsApart(lanes: readonly Steadied[]): readonly (Warning | undefined)[] {
  const apart = lanes.flatMap(({ configuration, measurements, all, steady }) => {
    const every = all.measurements.filter(isSucceeded).filter(({ start }) => start === 'warm');
    const judged = successesOf({ configuration, measurements }).warm;
    if (steady === undefined || every.length === 0) return [];
    const figures = `${nameOf(configuration)} (${meanText(judged)} after the first ${numberOf(steady.after, 'call')}, ${meanText(every)} over all)`;
    return [{ configuration, figures, isReached: steady.isReached }];
  });
  const fell = apart.filter(({ isReached }) => !isReached).map(({ configuration }) => configuration);
  return [
    telling(
      'warmUp',
      apart.toSorted(inOrder).map(({ figures }) => figures),
      (names) =>
        `The first warm calls of an environment are slower than its later ones, as where code is compiled while it is used. Rows are of the later ones: ${names}.`,
    ),
    telling(
      'notSteady',
      namesOf(fell),
      (names) =>
        `Durations still fell when the last call was made at ${names}: in the long run these sizes may be faster and cheaper than is shown. More calls would tell: --invocations.`,
    ),
  ];
}

interface Named {
  readonly configuration: Configuration;
}

function inOrder(one: Named, other: Named): number {
  return compareConfigurations(one.configuration, other.configuration);
}

function meanText(calls: readonly Succeeded[]): string {
  return calls.length === 0 ? 'nothing' : formatDuration(mean(calls.map(({ durationMs }) => durationMs)));
}

function oddities(
  plain: readonly Steadied[],
  steadied: readonly Steadied[],
  payloads: AnalysisInput['payloads'],
): (Warning | undefined)[] {
  const of = (lane: Steadied) =>
    // Payloads differ by nature: each is looked at alone.
    sampleBy(successesOf(lane).warm, ({ durationMs }) => durationMs, payloads)
      .flatMap(({ clusters }) => odditiesOf(clusters))
      .map((oddity) => ({ configuration: lane.configuration, oddity }));
  // That the first calls are slower was said of these already.
  const isNew = ({ oddity: { kind } }: { readonly oddity: Oddity }) => kind !== 'warmUp' && kind !== 'drift';
  const found = [...plain.flatMap(of), ...steadied.flatMap(of).filter(isNew)];
  return keysOf(oddityTexts).map((kind) => {
    const names = namesOf(found.filter(({ oddity }) => oddity.kind === kind).map(({ configuration }) => configuration));
    const calls = Math.max(
      0,
      ...found.map(({ oddity }) => (oddity.kind === 'heavyTail' ? roundedUp(oddity.calls) : 0)),
    );
    return telling(kind, names, (list) => oddityTexts[kind](list, calls));
  });
}

const oddityTexts = {
  drift: (names) =>
    `Durations drifted during the run at ${names}: the last third differs from the first by more than chance.`,
  autocorrelation: (names) => `Neighbouring calls are alike at ${names}: they tell less than as many independent ones.`,
  warmUp: (names) =>
    `The first warm calls of an environment are slower than its later ones at ${names}; they are in the figures, and counted apart in the saved run (warmUp). More invocations show the steady state.`,
  bimodal: (names) => `Two speed classes at ${names}: the mean lies between them, where few calls are.`,
  heavyTail: (names, calls) =>
    `Rare calls, over three times the median, make up a tenth or more of the mean at ${names}: to know it within ${100 * settled} % takes about ${formatCount(calls)} calls of a size, if they go on like this.`,
} as const satisfies Record<Oddity['kind'], (names: string, calls: number) => string>;
