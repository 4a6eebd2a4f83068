import type { FixedBaseline } from '../../check/options.ts';
import { nameOf, sameConfiguration } from '../../model/configuration.ts';
import { preflightText } from './otherVariant.ts';
import type { PreparedCheck } from './preparedCheck.ts';

type Compared = Pick<PreparedCheck, 'current' | 'against' | 'baseline' | 'identical'> & {
  readonly fixedBaseline: FixedBaseline | undefined;
};

/** What a check says of its comparison before anything is measured. */
export function comparisonNotes({ current, against, baseline, identical, fixedBaseline }: Compared): readonly string[] {
  return [
    ...(identical ? [against === undefined ? sameAsRecorded : sameBothSides] : []),
    ...(baseline?.notes ?? []),
    ...settingNotes(current, against),
    ...(against?.preflight === undefined ? [] : [preflightText(against.preflight)]),
    ...(fixedBaseline === undefined ? [] : [runsNote(fixedBaseline)]),
  ];
}

const sameBothSides =
  'Both sides are the same code (equal hash) with the same settings: what differs between them is hosts and chance, not the function.';
const sameAsRecorded =
  'The code is that of the baseline (equal hash), and so are the settings that it records: what differs is the hour, hosts and chance, or values of the environment, which no file holds.';

function runsNote({ runCv, learntFrom }: FixedBaseline): string {
  const cv = `${Math.max(0.1, Math.round(1000 * runCv) / 10)} %`;
  const known =
    learntFrom === undefined
      ? `are assumed to differ by ${cv} (several --baseline files of the same code tell)`
      : `are taken to differ by ${cv}, as those of the ${learntFrom} baselines of the same code do together with what was assumed before,`;
  return `A saved baseline was measured at another time: runs ${known} though nothing changed, and the intervals hold that. --against measures both sides in the same minutes.`;
}

function settingNotes(current: Compared['current'], against: Compared['against']): readonly string[] {
  if (against === undefined) return [];
  const [one, other] = [current.configuration, against.configuration];
  if (sameConfiguration(one, other)) return [];
  return [`Each side is measured at its own setting: ${nameOf(one)} now, ${nameOf(other)} before.`];
}
