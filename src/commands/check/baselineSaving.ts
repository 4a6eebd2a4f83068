import { asAnswers } from '../../analysis/expectedErrors.ts';
import { TuneError } from '../../base/errors.ts';
import type { Baseline, SavedBaseline } from '../../check/baseline.ts';
import { baselineSize, betterSize, expectedHostCv, missingToBaseline } from '../../check/baselineSize.ts';
import type { SideSize } from '../../check/extend.ts';
import { sideOf } from '../../check/figures.ts';
import { type GateOptions, minFixedEnvironments } from '../../check/options.ts';
import type { CheckVerdict } from '../../check/verdict.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { RunOptions } from '../../options/options.ts';
import { baselineRecipe, sizeText } from './baselineRecipe.ts';
import type { PreparedSide } from './checkSide.ts';

/** What a new baseline has to hold. */
export interface Saving {
  readonly least: SideSize;
  /** Of the checks that are to decide with it. */
  readonly checks: GateOptions;
  /** Also with a regression that was accepted. */
  readonly evenRegressed: boolean;
}

export function savingOf(checks: GateOptions, side: PreparedSide, { acceptRegression }: RunOptions): Saving {
  return { least: baselineSize(checks, hostCvOf(side)), checks, evenRegressed: acceptRegression !== undefined };
}

function hostCvOf({ job }: PreparedSide): number {
  return job.facts.emulation === undefined ? expectedHostCv.aws : expectedHostCv.local;
}

/** What the side is still to be measured up to, where it will be kept. */
export function completing({ least, checks, evenRegressed }: Saving, allowed: readonly string[]) {
  return (verdict: CheckVerdict, calls: readonly Measurement[]): SideSize | undefined =>
    verdict === 'passed' || evenRegressed ? missingToBaseline(asAnswers(calls, allowed), least, checks) : undefined;
}

/** What keeps a check from deciding with this run. */
export function missingOf(
  { checks }: Pick<Saving, 'checks'>,
  run: TuningResult,
  allowed: readonly string[] = [],
): SideSize | undefined {
  const calls = run.configurations.flatMap(({ measurements }) => measurements);
  return betterSize(asAnswers(calls, allowed), checks);
}

/** Whether there is a figure at all that a check could compare with. */
export function isMeasured({ status, warm }: ConfigurationResult): boolean {
  return status === 'measured' && warm !== undefined;
}

/** Nothing is created and paid for a check that its baseline keeps from a verdict. @throws TuneError SAVED_RUN */
export function requireDecidable(
  saved: readonly SavedBaseline[],
  { measurements }: Baseline,
  checks: GateOptions,
  side: PreparedSide,
  options: RunOptions & { readonly function: string },
): void {
  const calls = asAnswers(measurements, options.allowError);
  const better = betterSize(calls, checks);
  if (better === undefined) return;
  const usual = baselineSize(checks, hostCvOf(side));
  const isMore = better.samples > usual.samples || better.environments > usual.environments;
  const { trials, environments } = sideOf(calls);
  const names = saved.map(({ shown }) => shown).join(', ');
  const why =
    environments < minFixedEnvironments
      ? 'hosts differ, and one environment cannot show by how much'
      : 'however many calls the check made, a function that did not change would mostly not pass';
  const recipe = baselineRecipe(options, saved[0]?.shown ?? 'base.json', side.configuration, isMore ? better : {});
  throw new TuneError(
    'SAVED_RUN',
    `No check can decide with ${names}: it holds ${sizeText({ samples: trials, environments })}, and ${why}.`,
    { hint: `Nothing was created. Make a better one: ${recipe}` },
  );
}
