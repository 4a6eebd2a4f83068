import { isContended } from '../../analysis/contention.ts';
import { hostKindsText } from '../../analysis/hosts.ts';
import { unloadedText } from '../../analysis/pace.ts';
import { steadyPartsOf, withoutFirstWarm } from '../../analysis/steady.ts';
import { isSucceeded } from '../../analysis/summarize.ts';
import type { CheckOutcome } from '../../check/gate.ts';
import type { MeasuredLane, SubjectEnd } from '../../measure/subject.ts';
import type { Configuration } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import { mean, median } from '../../stats/moments.ts';
import { formatDuration } from '../../text/format.ts';
import { numberOf } from '../../text/numberOf.ts';

/** What a check says of how it was measured, beside its verdict. */

export function kindsNotes(outcome: CheckOutcome | undefined, { architecture }: Configuration): readonly string[] {
  if (outcome?.kindsRatio === undefined) return [];
  const met = hostKindsText(architecture, outcome.kindsRatio);
  return [`${met}: both sides are compared, and shown, as if they had met as many of each.`];
}

/** Both sides are called alike and begin alike: a check has too few calls of an environment to leave the first ones out. */
export function firstCallsNotes(lanes: readonly MeasuredLane[]): readonly string[] {
  const parts = steadyPartsOf(lanes).map((part, index) => ({ part, calls: lanes[index]?.measurements ?? [] }));
  if (parts.every(({ part }) => part === undefined)) return [];
  const figures = parts.flatMap(({ part, calls }, index) => {
    const [all, later] = [calls, withoutFirstWarm(calls, part?.after ?? 0)].map(warmMeanOf);
    if (part === undefined || all === undefined || later === undefined) return [];
    return [
      `${index === 0 ? 'current' : 'baseline'} ${formatDuration(all)} over all warm calls, ${formatDuration(later)} after the first ${part.after} of an environment`,
    ];
  });
  return [
    `The first warm calls of an environment are slower than its later ones, as where code is compiled while it is used: ${figures.join('; ')}. Both sides are compared by all of their warm calls.`,
  ];
}

/** By the client's clock, with the network: shown, never judged. */
export function streamNotes(
  [current, before]: readonly MeasuredLane[],
  saved: readonly Measurement[] | undefined,
): readonly string[] {
  const sides = [
    { name: 'current', calls: current?.measurements ?? [] },
    { name: 'baseline', calls: before?.measurements ?? saved ?? [] },
  ];
  const texts = sides.flatMap(({ name, calls }) => {
    const streamed = calls.filter(isSucceeded).flatMap(({ start, stream }) => (start === 'warm' ? (stream ?? []) : []));
    if (streamed.length === 0) return [];
    const first = streamed.flatMap(({ firstByteMs }) => firstByteMs ?? []);
    const begun = first.length === 0 ? 'no byte came' : `first byte after ${formatDuration(median(first))}`;
    return [`${name} ${begun}, complete after ${formatDuration(median(streamed.map(({ totalMs }) => totalMs)))}`];
  });
  if (texts.length === 0) return [];
  return [`Streamed answers, warm calls, medians by the client’s clock with the network: ${texts.join('; ')}.`];
}

function warmMeanOf(calls: readonly Measurement[]): number | undefined {
  const durations = calls
    .filter(isSucceeded)
    .flatMap(({ start, durationMs }) => (start === 'warm' ? [durationMs] : []));
  return durations.length === 0 ? undefined : mean(durations);
}

/** How the machine, the cap and the account had a part in it. */
export function endNotes({ lanes, capReached, throttles }: SubjectEnd<unknown>): readonly string[] {
  return [
    ...[unloadedText(lanes.flatMap(({ measurements }) => measurements))].filter((text) => text !== undefined),
    ...busyNotes(lanes.flatMap(({ measurements }) => measurements)),
    ...(capReached ? ['The spend cap left no room for further calls.'] : []),
    ...(throttles > 0
      ? [`Lambda throttled ${numberOf(throttles, 'call')}; what is throttled is sent again and is no sample.`]
      : []),
  ];
}

function busyNotes(calls: readonly Measurement[]): readonly string[] {
  const contended = calls.filter(isContended).length;
  if (contended === 0) return [];
  return [
    `This machine was busy during ${contended} of ${calls.length} calls: these decide nothing, and others were made.`,
  ];
}
