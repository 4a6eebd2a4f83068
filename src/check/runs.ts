import { asAnswers } from '../analysis/expectedErrors.ts';
import type { Architecture } from '../model/configuration.ts';
import type { Emulation } from '../model/functionFacts.ts';
import type { Measurement } from '../model/measurement.ts';
import { mean } from '../stats/moments.ts';
import { type Centre, centreOf } from './centre.ts';
import { figuresOf, type Side, sideOf } from './figures.ts';
import { hostsOf } from './hosts.ts';
import type { FixedBaseline, GateOptions } from './options.ts';
import { betweenRunsOf, typicalTrim } from './quantities.ts';
import { roundingVariance } from './ratio.ts';

/**
 * What two runs differ by though nothing changed (hour, placement), learnt from several baselines. Method: the variance between
 * the typical costs of runs of the same code, less what calls and hosts explain of it (one-way layout), pooled with a belief by
 * degrees of freedom. Runs whose own error is large beside the belief say little: their degrees of freedom are those of
 * Satterthwaite (Biometrics Bulletin 2, 1946) for a difference of variances.
 *
 * Where it fails: runs of one hour are alike, and say nothing of another one; no source measures this for Lambda, so that one
 * file alone leaves the belief as it is.
 */
export type RunBelief = Pick<FixedBaseline, 'runCv' | 'runDf'>;

/** Of hosts of one kind; `npm run bench:check -- --baseline-file` prints what a check decides with it. */
export const runsOfOneKind: RunBelief = { runCv: 0.008, runDf: 16 };

/** A quarter of CPU-bound functions differ by 17 to 22 % from one month to the next on arm64, by which hosts a run met. */
const runsOfTwoKinds: RunBelief = { runCv: 0.07, runDf: 3 };

/** A machine of one's own does other things in other hours. Taken as known: nothing that is paid for depends on it. */
const runsOfThisMachine: RunBelief = { runCv: 0.015, runDf: 100 };

export function runBeliefOf(architecture: Architecture, emulation: Emulation | undefined): RunBelief {
  if (emulation !== undefined) return runsOfThisMachine;
  return architecture === 'arm64' ? runsOfTwoKinds : runsOfOneKind;
}

/** What one baseline file holds. */
export interface BaselineRun {
  readonly measurements: readonly Measurement[];
  /** Only runs of the same code say what runs differ by. */
  readonly code: string | undefined;
}

export function betweenRuns(
  runs: readonly BaselineRun[],
  belief: RunBelief,
  options: Pick<GateOptions, 'hosts' | 'payloads' | 'coldShare'>,
  allowedErrors: readonly string[] = [],
): FixedBaseline {
  const assumed = { ...belief, runs: runs.length };
  const groups = [...new Set(runs.map(({ code }) => code))].map((code) =>
    runs.flatMap((run) => {
      if (code === undefined || run.code !== code) return [];
      const figures = figuresOf(sideOf(asAnswers(run.measurements, allowedErrors)), ({ costUsd }) => costUsd, options);
      return (figures && centreOf(figures, typicalTrim)) ?? [];
    }),
  );
  const df = groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);
  if (df === 0) return assumed;
  const centres = groups.filter((group) => group.length > 1).flat();
  const hosts = hostsOf(centres, options.hosts);
  const own = mean(centres.map((one) => one.variance + roundingVariance + hosts.variance * one.clustering));
  const found = groups.reduce((sum, group) => sum + squaresBetween(group), 0) / df - own;
  const believed = belief.runCv ** 2;
  const worth = df * (believed / (believed + own)) ** 2;
  const runDf = worth + belief.runDf;
  const variance = Math.max(0, (worth * found + belief.runDf * believed) / runDf);
  return { runCv: Math.sqrt(variance), runDf, runs: runs.length, learntFrom: centres.length };
}

/** Calls of the current side that share an environment, about: the gate opens one with every third or fourth (options.ts, `samplesPerNew`; `npm run bench:check` prints calls and environments). */
const callsTogether = 4;

/**
 * The part of a check's error that no call of the current side lowers, over what one call adds: known from the files alone, before
 * the first look. 0 where both sides are measured.
 */
export function fixedPartOf(baseline: Side, options: GateOptions): number {
  const { fixedBaseline } = options;
  if (fixedBaseline === undefined) return 0;
  const figures = figuresOf(baseline, ({ costUsd }) => costUsd, options);
  const found = figures && centreOf(figures, typicalTrim);
  if (figures === undefined || found === undefined) return 0;
  const hosts = hostsOf([found], options.hosts);
  const stays = betweenRunsOf(fixedBaseline).variance + found.variance + hosts.variance * found.clustering;
  return stays / (found.variance * figures.count + hosts.variance / callsTogether + roundingVariance);
}

function squaresBetween(group: readonly Centre[]): number {
  const logs = group.map(({ centre }) => Math.log(centre));
  const middle = mean(logs);
  return logs.reduce((sum, log) => sum + (log - middle) ** 2, 0);
}
