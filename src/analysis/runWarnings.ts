import { architectures, namesOf } from '../model/configuration.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Warning } from '../model/warning.ts';
import { median } from '../stats/moments.ts';
import { formatGivenShare } from '../text/format.ts';
import { numberOf } from '../text/numberOf.ts';
import { telling } from '../text/telling.ts';
import { canBlend } from './blend.ts';
import type { Compared } from './compared.ts';
import { courseWarnings, type Steadied } from './courseWarnings.ts';
import { isExpected } from './expectedErrors.ts';
import { hostKindsText, type KindsByArchitecture } from './hosts.ts';
import { isContended, neverCalm } from './machine/contention.ts';
import { slowThroughout, slowThroughoutText } from './machine/slowThroughout.ts';
import { unloadedText } from './machine/takenOff.ts';
import type { AnalysisInput, MeasuredLane } from './measuredLane.ts';
import { successesOf } from './rows.ts';
import { isSucceeded, payloadsWithout, type Succeeded } from './summarize.ts';

/**
 * What weakens the figures of a run, one warning per kind with all configurations it concerns. Codes are stable. Hints on
 * what to do with the figures are not here but in hints.ts, which needs the choice.
 */
export function runWarnings(
  input: AnalysisInput,
  { basis, kinds }: Pick<Compared, 'basis' | 'kinds'>,
  asMade: readonly MeasuredLane[],
  steadied: readonly Steadied[],
): Warning[] {
  const lanes = input.lanes.map((lane) => ({ lane, ...lane, ...successesOf(lane) }));
  const concerned = (test: (lane: (typeof lanes)[number]) => boolean) =>
    namesOf(lanes.filter(test).map(({ configuration }) => configuration));
  const found: (Warning | undefined)[] = [
    basis === 'cold'
      ? { code: 'coldOnly', text: 'No warm call succeeded: configurations are compared by their cold starts.' }
      : undefined,
    telling(
      'warmMissing',
      basis === 'warm' ? concerned(({ warm, cold }) => warm.length === 0 && cold.length > 0) : [],
      (names) => `Only cold starts succeeded at ${names}: not compared with warm calls.`,
    ),
    telling(
      'oneSample',
      concerned(({ warm }) => warm.length === 1),
      (names) => `One warm call only at ${names}: how far off its figures are is not known.`,
    ),
    telling(
      'unreported',
      concerned(({ measurements }) => measurements.some(isUnreported)),
      (names) =>
        `No REPORT was found for ${shareOf(input.lanes, isUnreported)} calls (${names}). They may be billed, and are in no figure.`,
    ),
    telling(
      'hookFailed',
      concerned(({ measurements }) => measurements.some(isUnhooked)),
      (names) =>
        `A hook failed for ${shareOf(input.lanes, isUnhooked)} calls (${names}): those are not measured, and in no figure.`,
    ),
    telling(
      'failuresLeftOut',
      concerned(({ lane, warm, cold }) => warm.length + cold.length > 0 && hasFailures(lane)),
      (names) =>
        `Some calls failed at ${names}; they are counted, but in no duration or cost: failing fast is not fast.`,
    ),
    errorsExpected(asMade, input.allowedErrors ?? []),
    ...blending(lanes, input.coldShare),
    payloadsMissing(input),
    telling(
      'singleEnvironment',
      // On one machine there are no hosts to differ.
      input.emulation ? [] : concerned(({ warm }) => warm.length > 1 && environmentsOf(warm) === 1),
      (names) =>
        `All warm calls came from one environment at ${names}: how much hosts differ is assumed, not measured.`,
    ),
    telling(
      'idempotency',
      concerned(({ measurements }) => looksAnsweredFromStore(measurements.filter(isSucceeded), input.payloads.length)),
      (names) =>
        `The first call took many times as long as all later ones of the same payload at ${names}. If the function remembers payloads it has seen (idempotency, caching), vary them: --payload-template with {{uuid}} or {{n}}.`,
    ),
    ...hostKinds(kinds),
    unloadedDurations(input),
    ...busyMachine(input.lanes),
    ...courseWarnings(steadied, input),
  ];
  return found.filter((warning) => warning !== undefined);
}

function hostKinds(kinds: KindsByArchitecture): readonly Warning[] {
  return architectures.flatMap((architecture) => {
    const ratio = kinds[architecture]?.ratio;
    if (ratio === undefined) return [];
    const text = `${hostKindsText(architecture, ratio)}: sizes that met both are compared within each kind. A row shows the mean of its calls as they were, on whichever hosts.`;
    return [{ code: 'hostKinds', text }];
  });
}

function unloadedDurations({ lanes }: AnalysisInput): Warning | undefined {
  const text = unloadedText(lanes.flatMap(({ measurements }) => measurements));
  return text === undefined ? undefined : { code: 'unloadedDurations', text };
}

function busyMachine(lanes: readonly MeasuredLane[]): readonly (Warning | undefined)[] {
  const calls = lanes.flatMap(({ measurements }) => measurements);
  const slow = slowThroughout(calls);
  if (slow !== undefined) return [{ code: 'slowThroughout', text: slowThroughoutText(slow) }];
  const contended = calls.filter(isContended).length;
  const rough = lanes.filter(({ measurements }) =>
    neverCalm(measurements.filter(({ outcome, start }) => outcome === 'succeeded' && start === 'warm')),
  );
  const kept = telling(
    'contended',
    namesOf(rough.map(({ configuration }) => configuration)),
    (names) =>
      `This machine was never calm for long: most calls at ${names} ran while other programs took its CPU, also those measured again. Their figures are rough and decide nothing. Close other programs and measure again.`,
  );
  if (kept !== undefined || contended === 0) return [kept];
  const text = `This machine was busy during ${contended} of ${calls.length} calls. They were measured again where they were warm, and the figures leave them out where there are others.`;
  return [{ code: 'contendedLeftOut', text }];
}

function errorsExpected(asMade: readonly MeasuredLane[], allowedErrors: readonly string[]): Warning | undefined {
  const calls = asMade.flatMap(({ measurements }) => measurements);
  const expected = calls.filter((call) => isExpected(call, allowedErrors));
  if (expected.length === 0) return undefined;
  const text = `${expected.length} of ${numberOf(calls.length, 'call')} ended with ${allowedErrors.join(' or ')}: as asked (--allow-error) these count as answers, and their durations and costs are in the figures.`;
  return { code: 'errorsExpected', text };
}

/** So few cold starts hardly tell what one costs: a choice of what is worth a warning. */
const fewColdStarts = 3;

function blending(
  lanes: readonly (MeasuredLane & { readonly warm: readonly Succeeded[]; readonly cold: readonly Succeeded[] })[],
  coldShare: number | undefined,
): readonly (Warning | undefined)[] {
  if (coldShare === undefined) return [];
  const called = lanes.filter(({ warm, cold }) => warm.length + cold.length > 0);
  const names = (test: (lane: (typeof called)[number]) => boolean) =>
    namesOf(called.filter(test).map(({ configuration }) => configuration));
  const percent = formatGivenShare(coldShare);
  return [
    telling(
      'notBlended',
      names((lane) => !canBlend(lane, coldShare)),
      (list) =>
        `Without a warm and a cold start there is no mixture with ${percent} cold starts at ${list}: not compared with the others.`,
    ),
    telling(
      'fewColdStarts',
      names((lane) => canBlend(lane, coldShare) && lane.cold.length < fewColdStarts),
      (list) =>
        `The mixture with ${percent} cold starts rests on fewer than ${fewColdStarts} of them at ${list}: make more with --cold-starts 10.`,
    ),
  ];
}

function payloadsMissing({ lanes, payloads }: AnalysisInput): Warning | undefined {
  const missing = new Set<string>();
  const concerned = lanes.flatMap((lane) => {
    const { warm } = successesOf(lane);
    const without = warm.length === 0 ? [] : payloadsWithout(warm, payloads);
    for (const name of without) missing.add(name);
    return without.length === 0 ? [] : [lane.configuration];
  });
  return telling(
    'payloadMissing',
    namesOf(concerned),
    (list) =>
      `No warm call of payload ${[...missing].join(', ')} succeeded at ${list}: those figures leave it out, and comparisons do so everywhere.`,
  );
}

/** Powertools and its like answer a payload they have seen from a store: the first call dear, all later ones cheap. */
function looksAnsweredFromStore(succeeded: readonly Succeeded[], payloads: number): boolean {
  if (payloads > 1 || succeeded.length < 6) return false;
  const [first, ...later] = succeeded.toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt));
  if (first === undefined) return false;
  // A cold start bills its init as well, and every environment has one: only what was slow beyond that is suspicious.
  const otherColds = later.filter(({ start }) => start === 'cold');
  const usual = median(later.filter(({ start }) => start === 'warm').map(({ durationMs }) => durationMs));
  const slowestLater = Math.max(...later.map(({ durationMs }) => durationMs));
  const manyTimes = 5;
  if (!(first.durationMs > manyTimes * usual && first.durationMs > 2 * slowestLater)) return false;
  return first.start === 'warm' || otherColds.length > 0;
}

function environmentsOf(measurements: readonly Succeeded[]): number {
  return new Set(measurements.map(({ environment }) => environment)).size;
}

function hasFailures({ measurements }: MeasuredLane): boolean {
  return measurements.some(({ outcome }) => outcome !== 'succeeded' && outcome !== 'unreported');
}

function isUnreported(one: Measurement): boolean {
  return one.outcome === 'unreported' && one.hook === undefined;
}

function isUnhooked(one: Measurement): boolean {
  return one.outcome === 'unreported' && one.hook !== undefined;
}

function shareOf(lanes: readonly MeasuredLane[], isOne: (measurement: Measurement) => boolean): string {
  const all = lanes.flatMap(({ measurements }) => measurements);
  return `${all.filter(isOne).length} of ${all.length}`;
}
