import { awsHosts } from '../../src/analysis/hosts.ts';
import { baselineSize, expectedHostCv, missingToBaseline } from '../../src/check/baselineSize.ts';
import { nextRound } from '../../src/check/gate.ts';
import { checkDefaults, type GateOptions, timesWithFile } from '../../src/check/options.ts';
import { type BaselineRun, betweenRuns, runBeliefOf } from '../../src/check/runs.ts';
import type { CheckVerdict } from '../../src/check/verdict.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { type Random, seededRandom } from '../../src/stats/random.ts';
import { normalDraw } from '../../test/normalDraw.ts';
import { armKinds, hostFactor } from '../simulation.ts';
import { call, type Lane } from './draws.ts';

/**
 * What `tune check` says with baseline files, by simulation: calls are normal around the factor of their environment (3 %) and
 * of their run (0.8 %, or more), files have what `tune baseline` makes on AWS of such calls. x86_64.
 */
export interface FileCase {
  readonly withinCv: number;
  readonly runCv: number;
  readonly files: number;
  /** The current side's cost as a multiple. */
  readonly scale: number;
  /** Absent: x86_64. On arm64 a third of the hosts are 22 % slower, inside a kind they differ by 1 %. */
  readonly architecture?: Architecture;
  /** `--max-invocations` of the baseline and the check; absent: the default. */
  readonly maxInvocations?: number;
}

export interface FileScore extends FileCase {
  readonly shares: Readonly<Record<CheckVerdict, number>>;
  /** Of the current side. */
  readonly samples: number;
  /** That a file holds. */
  readonly fileCalls: number;
}

const hostCv = awsHosts.x86_64.betweenCv;
function optionsOf({ architecture = 'x86_64', maxInvocations = checkDefaults.maxSamples }: FileRow): GateOptions {
  return { ...checkDefaults, memoryMb: 128, maxSamples: maxInvocations, hosts: awsHosts[architecture] };
}

type FileRow = Omit<FileCase, 'scale'>;

/** The files of each run: what they hold does not depend on what the current side costs. */
function filesOf(of: FileRow, runs: number, seed: number): readonly (readonly BaselineRun[])[] {
  return Array.from({ length: runs }, (_, run) => {
    const random = seededRandom(seed * 7919 + run * 31 + of.files);
    return Array.from({ length: of.files }, (_, file) => fileOf(of, file, random));
  });
}

export function scoreFiles(of: FileCase, runs: number, seed: number, files = filesOf(of, runs, seed)): FileScore {
  const counts = { passed: 0, regressed: 0, inconclusive: 0 };
  let [samples, fileCalls] = [0, 0];
  for (const [run, ofRun] of files.entries()) {
    const said = check(of, ofRun, seededRandom(seed * 104_729 + run * 31 + of.files));
    counts[said.verdict] += 1;
    samples += said.samples;
    fileCalls += said.fileCalls;
  }
  const { passed, regressed, inconclusive } = counts;
  return {
    ...of,
    shares: { passed: passed / runs, regressed: regressed / runs, inconclusive: inconclusive / runs },
    samples: samples / runs,
    fileCalls: fileCalls / runs,
  };
}

function check(
  of: FileCase,
  runs: readonly BaselineRun[],
  random: Random,
): { readonly verdict: CheckVerdict; readonly samples: number; readonly fileCalls: number } {
  const plain = optionsOf(of);
  const baseline = runs.flatMap(({ measurements }) => measurements);
  const options = {
    ...plain,
    maxSamples: timesWithFile * plain.maxSamples,
    fixedBaseline: betweenRuns(runs, runBeliefOf(of.architecture ?? 'x86_64', undefined), plain),
  };
  const { lane, draws } = newRun(of, random);
  for (;;) {
    const round = nextRound({ baseline, current: timed(lane) }, options);
    if (round.kind === 'decided') {
      return { verdict: round.verdict, samples: round.samples.current, fileCalls: baseline.length / of.files };
    }
    call(lane, round.current, draws, of.scale);
  }
}

/** What `tune baseline` makes: its plan first (known before anything is measured), then what its own calls ask for. */
function fileOf(of: FileRow, file: number, random: Random): BaselineRun {
  const { lane, draws } = newRun(of, random);
  const plain = optionsOf(of);
  const least = baselineSize(plain, expectedHostCv.aws);
  for (;;) {
    const wanted = missingToBaseline(timed(lane), least, plain);
    if (wanted === undefined) break;
    const newEnvironments = Math.max(0, wanted.environments - lane.served.length);
    call(lane, { samples: wanted.samples - lane.measurements.length, newEnvironments }, draws, 1);
  }
  const measurements = timed(lane).map((one) => ({ ...one, environment: `${file}/${one.environment}` }));
  return { measurements, code: 'the same' };
}

/** Kinds of hosts are told by durations: 100 ms, and in proportion to cost. */
function timed({ measurements }: Lane): readonly Measurement[] {
  return measurements.map((one) => (one.outcome === 'unreported' ? one : { ...one, durationMs: one.costUsd * 1e8 }));
}

/** Every run is of an hour of its own, and meets hosts of its own. */
function newRun({ withinCv, runCv, architecture, maxInvocations = checkDefaults.maxSamples }: FileRow, random: Random) {
  const hour = Math.exp(runCv * normalDraw(random));
  const lane: Lane = { measurements: [], served: [] };
  const costs = Array.from(
    { length: 4 * maxInvocations },
    () => 1e-6 * hour * Math.max(0.05, 1 + withinCv * normalDraw(random)),
  );
  const factorOf = hostFactor(architecture === 'arm64' ? { spread: 0.01, kinds: armKinds } : { spread: hostCv });
  const factors = Array.from({ length: 64 }, () => factorOf(random));
  return { lane, draws: { costs, factors } };
}

/** What `--only` names it by. */
export function nameOfFiles({ architecture = 'x86_64', files }: FileRow): string {
  return `${architecture}, ${files === 1 ? '1 file' : `${files} files`}`;
}

/** Files as most people have them: one, and three of the same code. */
export const fileRows: readonly FileRow[] = (['x86_64', 'arm64'] as const).flatMap((architecture) =>
  [1, 3].flatMap((files) =>
    [0.03, 0.05, 0.1, 0.2].map((withinCv) => ({ architecture, files, withinCv, runCv: 0.008 })),
  ),
);

/** Files of hours that differ more than is believed: the first ones say nothing of it, several do. */
export const unlikeRows: readonly FileRow[] = [1, 3, 6].map((files) => ({ files, withinCv: 0.05, runCv: 0.02 }));

/** Lines as they are made, for a row takes a while. */
export function* filesTable(
  runs: number,
  seed: number,
  rows: readonly FileRow[] = [...fileRows, ...unlikeRows],
): Generator<string> {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  yield `${runs} runs each, seed ${seed}: hosts of x86_64 differ by ${100 * hostCv} %, those of arm64 are of two kinds (35 % of them 22 % slower); files as tune baseline makes them.`;
  yield '';
  yield '| | files | calls scatter by | runs differ by | inconclusive when unchanged | passed | regressed | calls | +10 % found | +10 % passed | calls | a file holds |';
  yield '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|';
  for (const one of rows) {
    const { architecture = 'x86_64', files, withinCv, runCv } = one;
    const made = filesOf(one, runs, seed);
    const same = scoreFiles({ ...one, scale: 1 }, runs, seed, made);
    const more = scoreFiles({ ...one, scale: 1.1 }, runs, seed, made);
    yield `| ${[
      architecture,
      files,
      `${100 * withinCv} %`,
      `${100 * runCv} %`,
      percent(same.shares.inconclusive),
      percent(same.shares.passed),
      percent(same.shares.regressed),
      same.samples.toFixed(0),
      percent(more.shares.regressed),
      percent(more.shares.passed),
      more.samples.toFixed(0),
      same.fileCalls.toFixed(0),
    ].join(' | ')} |`;
  }
  yield '';
}
