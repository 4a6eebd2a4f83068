import type { Choice } from '../../model/answer.ts';
import { type Configuration, plain } from '../../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../model/run.ts';
import type { CostInterval, Summary } from '../../model/summary.ts';
import { rowOf } from './marks.ts';

/** What is compared: mean cost and mean duration of the calls that `judgedStart` names. */
export interface ComparedFigures extends Configuration {
  readonly costUsd: CostInterval;
  readonly meanMs: number;
}

/** The chosen configuration first, then those tied with it. Empty when nothing was chosen. */
export function choiceFigures(result: TuningResult, choice: Choice): readonly ComparedFigures[] {
  if (choice === null) return [];
  return [choice, ...choice.tiedWith].flatMap((configuration) => {
    const figures = comparedFiguresOf(result, configuration);
    return figures ? [figures] : [];
  });
}

/** Undefined for a row without calls to judge by, and always for a projected one. */
export function comparedFiguresOf(result: TuningResult, configuration: Configuration): ComparedFigures | undefined {
  const row = rowOf(result, configuration);
  const judged = row && judging(result)(row);
  if (row === undefined || judged === undefined) return undefined;
  return { ...plain(row), costUsd: judged.costUsd, meanMs: judged.meanMs };
}

/** What a row is compared by: what traffic makes of its calls, the mixture that `--cold-share` asks for, else the calls that `judgedStart` names. */
export interface JudgedFigures {
  readonly costUsd: CostInterval;
  /** Of a mixture: what a caller waits for, with init. */
  readonly meanMs: number;
  readonly p95: ShownPercentile | null;
}

/** A percentile as it may be shown. */
export interface ShownPercentile {
  readonly ms: number;
  /** So few calls do not bound it from above: this is the least that it may be. */
  readonly isLeast: boolean;
}

/** Runs from before intervals were saved, or saved for weighted payloads: this many calls bound the percentile from above. */
const boundedFrom = { p50: 6, p95: 72, p99: 368 } as const;

/** Null where too little is known to say anything of it. */
export function shownPercentile(summary: Summary | undefined, name: keyof typeof boundedFrom): ShownPercentile | null {
  const ms = summary?.durationMs[name] ?? null;
  if (summary === undefined || ms === null) return null;
  const bounds = summary.durationMs.intervals?.[name];
  if (bounds === undefined) return summary.count >= boundedFrom[name] || name === 'p50' ? { ms, isLeast: false } : null;
  if (bounds.high !== null || name === 'p50') return { ms, isLeast: false };
  return bounds.low === null ? null : { ms: bounds.low, isLeast: true };
}

function exactly(ms: number | null): ShownPercentile | null {
  return ms === null ? null : { ms, isLeast: false };
}

/** Answers for each row of one result. Undefined for one without calls to judge by, and always for a projected one. */
export function judging(result: TuningResult): (row: ConfigurationResult) => JudgedFigures | undefined {
  const isMixed = mixedColdShare(result) !== undefined;
  const atTraffic = isAtTraffic(result);
  const start = judgedStart(result);
  return (row) => {
    if (row.status === 'projected') return undefined;
    if (atTraffic) {
      const { monthly } = row;
      return monthly && { costUsd: monthly.callUsd, meanMs: monthly.callMs, p95: exactly(monthly.latencyMs.p95) };
    }
    if (isMixed) {
      const { blended } = row;
      return blended && { costUsd: blended.costUsd, meanMs: blended.meanMs, p95: exactly(blended.p95Ms) };
    }
    const summary = row[start];
    return (
      summary && { costUsd: summary.costUsd, meanMs: summary.durationMs.mean, p95: shownPercentile(summary, 'p95') }
    );
  };
}

/** Whether configurations are compared by what traffic makes of their calls, init and restore in what callers wait for. */
export function isAtTraffic({ comparedBy }: Pick<TuningResult, 'comparedBy'>): boolean {
  return comparedBy?.traffic === true;
}

/** Whether the figures that decide are of warm and cold calls together. */
export function isMixture(result: TuningResult): boolean {
  return isAtTraffic(result) || mixedColdShare(result) !== undefined;
}

/** Share of cold starts in the mixture that configurations are compared by; undefined where one kind of call decides. */
export function mixedColdShare({ comparedBy, configurations }: TuningResult): number | undefined {
  if (comparedBy !== undefined) return comparedBy.coldShare;
  // A run from before it was saved.
  return configurations.find(({ blended }) => blended !== undefined)?.blended?.coldShare;
}

/** Warm calls decide; cold ones only where no configuration that may be chosen has a warm one (see analyze.ts). */
export function judgedStart({ comparedBy, configurations }: TuningResult): 'warm' | 'cold' {
  if (comparedBy !== undefined) return comparedBy.start;
  const measured = configurations.filter((row) => row.status === 'measured');
  return measured.length > 0 && measured.every((row) => row.warm === undefined) ? 'cold' : 'warm';
}
