import { hostKindsText } from '../../analysis/hosts.ts';
import { isContended } from '../../analysis/machine/contention.ts';
import { slowThroughout, slowThroughoutText } from '../../analysis/machine/slowThroughout.ts';
import { unloadedText } from '../../analysis/machine/takenOff.ts';
import { steadyPartsOf, withoutFirstWarm } from '../../analysis/steady.ts';
import { isSucceeded } from '../../analysis/summarize.ts';
import type { CheckOutcome } from '../../check/gate.ts';
import type { GateOptions } from '../../check/options.ts';
import type { EndedLane, SubjectEnd } from '../../measure/subject.ts';
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

export function firstCallsNotes(
  lanes: readonly EndedLane[],
  { payloads, compilesInUse }: GateOptions,
  judgedAfter: number | undefined,
): readonly string[] {
  const found = steadyPartsOf(lanes, payloads, compilesInUse).map((part) => part?.after ?? 0);
  const after = judgedAfter ?? Math.max(0, ...found);
  if (after === 0) return [];
  const figures = lanes.flatMap(({ measurements }, index) => {
    const [all, later] = [measurements, withoutFirstWarm(measurements, after)].map(warmMeanOf);
    if (all === undefined || later === undefined) return [];
    return [
      `${index === 0 ? 'current' : 'baseline'} ${formatDuration(all)} over all warm calls, ${formatDuration(later)} after the first ${after} of an environment`,
    ];
  });
  const comparedBy =
    judgedAfter === undefined
      ? 'Too few calls come after them to be compared: both sides are compared by as many first calls of each environment.'
      : 'Both sides are compared by what comes after them.';
  return [
    `The first warm calls of an environment are slower than its later ones, as where code is compiled while it is used: ${figures.join('; ')}. ${comparedBy}`,
  ];
}

/** By the client's clock, with the network: shown, never judged. */
export function streamNotes(
  [current, before]: readonly EndedLane[],
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
  const slow = slowThroughout(calls);
  if (slow !== undefined) return [slowThroughoutText(slow)];
  const contended = calls.filter(isContended).length;
  if (contended === 0) return [];
  return [
    `This machine was busy during ${contended} of ${calls.length} calls: these decide nothing, and others were made.`,
  ];
}
