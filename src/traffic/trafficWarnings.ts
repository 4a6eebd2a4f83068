import { blendedSample } from '../analysis/blend.ts';
import { nameOf, namesOf } from '../model/configuration.ts';
import type { TuningResult } from '../model/run.ts';
import type { Warning } from '../model/warning.ts';
import { provisionedPrices } from '../pricing/monthlyPrices.ts';
import { restoreCostUsd } from '../pricing/snapStartCost.ts';
import { freeStreamedBytes } from '../pricing/streamedBytesCost.ts';
import { formatShare } from '../text/format.ts';
import { listed } from '../text/telling.ts';
import { drawTableOf } from './drawTable.ts';
import { type CallTimes, type Replayed, replay } from './replay.ts';
import type { MeasuredConfiguration, Situation } from './situation.ts';
import { waitingFor } from './waiting.ts';

/** What a configuration's replay met. */
export interface Met {
  readonly measured: MeasuredConfiguration;
  readonly replayed: Replayed;
  readonly times: CallTimes;
}

type Target = TuningResult['target'];

const fewColdStarts = 3;
/** Where cold starts are rarer, how long they take hardly shows in a bill or a percentile. */
const coldMatters = 0.01;
const nearTimeout = 0.8;
/** Leave as much of the account's concurrency to others. */
const largeShare = 0.8;

/** What weakens or threatens an answer at traffic; all codes begin with `traffic`, so that another traffic replaces them. */
export function trafficWarnings(
  met: readonly Met[],
  missing: readonly MeasuredConfiguration[],
  watched: readonly Met[],
  situation: Situation,
  target: Target,
): readonly Warning[] {
  const names = (list: readonly MeasuredConfiguration[]) =>
    list.length === 0 ? undefined : listed(namesOf(list.map(({ configuration }) => configuration)));
  const without = names(missing);
  const few = names(
    met
      .filter(({ replayed, measured }) => {
        const share = replayed.coldCalls / Math.max(1, replayed.calls);
        return share >= coldMatters && measured.calls.cold.length < fewColdStarts;
      })
      .map(({ measured }) => measured),
  );
  const restored = met.filter(({ measured }) =>
    measured.calls.cold.some((call) => call.restoreDurationMs !== undefined),
  );
  const unpriced = names(
    restored
      .filter(
        ({ measured: { runtime, configuration } }) =>
          restoreCostUsd(runtime, configuration.memoryMb, situation.costModel) === undefined,
      )
      .map(({ measured }) => measured),
  );
  const streamed = names(
    met
      .filter(({ measured: { calls } }) =>
        [...calls.warm, ...calls.cold].some(({ stream }) => (stream?.bytes ?? 0) > freeStreamedBytes),
      )
      .map(({ measured }) => measured),
  );
  const hasProvisioned = watched.every(({ measured }) =>
    provisionedPrices(situation.costModel, measured.configuration.architecture),
  );
  const found: (Warning | undefined)[] = [
    warning(
      'trafficMissing',
      without,
      (list) => `No monthly bill for ${list}: it needs a warm call and a cold start, and one of them was not measured.`,
    ),
    warning(
      'trafficFewColdStarts',
      few,
      (list) =>
        `At this traffic cold starts count, and fewer than ${fewColdStarts} of them were measured at ${list}: make more with --cold-starts 10.`,
    ),
    warning(
      'trafficStreamedBytes',
      streamed,
      (list) =>
        `What is streamed beyond the first 6 MB of an answer is not in the bills of ${list}: it costs by the GB.`,
    ),
    warning(
      'trafficSnapStartPrice',
      unpriced,
      (list) =>
        `What SnapStart costs in ${situation.costModel.region} is not known: the bills of ${list} are without it.`,
    ),
    hasProvisioned
      ? undefined
      : {
          code: 'trafficProvisionedPrice',
          text: `What provisioned concurrency costs ${situation.costModel.source === 'option' ? 'beside the given prices' : `in ${situation.costModel.region}`} is not known: nothing is said about it.`,
        },
    piecesWarning(situation),
    ...watched.flatMap((one) => [concurrencyWarning(one, situation, target), timeoutWarning(one, situation, target)]),
  ];
  return found.filter((one) => one !== undefined);
}

/** Counts of a day and more of which only some hours are replayed. */
function piecesWarning({ arrivals: { parts, coversDay, seconds } }: Situation): Warning | undefined {
  if (parts.length < 2 || coversDay) return undefined;
  const text = `Of so many calls ${parts.length} pieces of ${Math.round(seconds / parts.length / 60)} minutes are replayed, which do not hold every time of day: the peak may lie beside them, and no schedule of provisioned concurrency is looked for.`;
  return { code: 'trafficPieces', text };
}

function concurrencyWarning(
  { measured, replayed, times }: Met,
  { arrivals }: Situation,
  target: Target,
): Warning | undefined {
  const { most } = replayed.busy;
  const name = nameOf(measured.configuration);
  const { reservedConcurrency: reserved, unreservedConcurrency: pool } = target;
  if (reserved !== undefined) {
    if (most <= reserved) return undefined;
    const throttled = throttledShare(arrivals, times, reserved);
    const share = isRare(throttled) ? rarely : `about ${formatShare(throttled)}`;
    const late = waitingFor(reserved, arrivals, times.warm).share;
    const waiting = isRare(late) ? rarely : formatShare(late);
    return {
      code: 'trafficReservedConcurrency',
      text: `The peak needs ${most} environments at once at ${name}, and ${reserved} are reserved: ${share} of the calls would be throttled, if none of them is tried again; where callers are queues or events, ${waiting} would wait.`,
    };
  }
  if (pool === undefined || most <= largeShare * pool) return undefined;
  return {
    code: 'trafficAccountPool',
    text: `The peak needs ${most} environments at once at ${name}; the account has ${pool} in this region for all functions without reserved concurrency.`,
  };
}

/** Who is turned away keeps no environment busy: a loss system, as provisioned environments are to what spills over. */
function throttledShare(arrivals: Situation['arrivals'], times: CallTimes, reserved: number): number {
  const { provisionedCalls, calls } = replay(arrivals, times, { idleLifeS: 0, provisionedAt: () => reserved });
  return 1 - provisionedCalls / Math.max(1, calls);
}

function timeoutWarning({ measured, replayed }: Met, { payloads }: Situation, target: Target): Warning | undefined {
  if (target.timeoutS === undefined) return undefined;
  const coldShare = replayed.coldCalls / Math.max(1, replayed.calls);
  const table = drawTableOf(blendedSample(measured.calls, ({ durationMs }) => durationMs, payloads, coldShare));
  if (table === undefined) return undefined;
  let reached = 0;
  const index = table.shares.findIndex((share) => {
    reached += share;
    return reached >= 0.999 - 1e-9;
  });
  const slowestS = table.values[index === -1 ? table.values.length - 1 : index] ?? 0;
  if (slowestS < nearTimeout * target.timeoutS) return undefined;
  return {
    code: 'trafficTimeout',
    text: `p99.9 of the duration at ${nameOf(measured.configuration)} is ${slowestS.toFixed(1)} s of a timeout of ${target.timeoutS} s, as far as its calls tell: at this traffic some would time out.`,
  };
}

function warning(code: string, names: string | undefined, text: (names: string) => string): Warning | undefined {
  return names === undefined ? undefined : { code, text: text(names) };
}

const rarely = 'less than 0.05 %';

/** It happens, and would be shown as none. */
function isRare(share: number): boolean {
  return share > 0 && share < 0.0005;
}
