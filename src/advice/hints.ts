import { differenceIn } from '../analysis/choices.ts';
import { canCompareSizes } from '../analysis/savedRun/besideAnswer.ts';
import { currentConfiguration } from '../analysis/savedRun/marks.ts';
import type { Answer } from '../model/answer.ts';
import { type Architecture, type Configuration, findConfiguration, findMadeOf, plain } from '../model/configuration.ts';
import { oneVcpuMb, vcpusOf } from '../model/lambda/vcpus.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import type { Summary } from '../model/summary.ts';
import type { Triggers } from '../model/traffic.ts';
import { comparedRun, toleranceOf } from './comparedRun.ts';

/** What follows from the figures beyond the choice itself. Shares are fractions. */
export type Hint =
  /** The pick needed nearly all its memory: a larger payload may not fit. */
  | { readonly kind: 'tightMemory'; readonly pick: Configuration; readonly usedMb: number }
  /** A smaller size is as fast and uses a fraction of the memory: what is paid for is not used. */
  | {
      readonly kind: 'overProvisioned';
      readonly current: Configuration;
      readonly usedMb: number;
      readonly enough: Configuration;
    }
  /** Faster up to one vCPU, not beyond. */
  | { readonly kind: 'singleCore'; readonly architectures: readonly Architecture[] }
  /** The duration hardly depends on the size. */
  | {
      readonly kind: 'waiting';
      readonly architectures: readonly Architecture[];
      readonly leastMb: number;
      readonly mostMb: number;
    }
  /** Beside the answer: where somebody waits, time may be worth more money. Who calls it is not known. */
  | ({ readonly kind: 'caller' } & FasterForMore)
  /** Who calls it, and so what counts. */
  | { readonly kind: 'triggers'; readonly triggers: Triggers; readonly faster?: FasterForMore | undefined };

export interface FasterForMore {
  readonly answered: Configuration;
  readonly fastest: Configuration;
  readonly extraCostShare: number;
  readonly savedTimeShare: number;
}

/** Hints decide nothing: their thresholds are choices of what is worth a sentence. The figure is the high-water mark of few environments, so this near to the limit the next one may go over it. */
const tightShare = 0.9;
const muchUnusedShare = 0.5;
/** By how much a CPU-bound function must gain below one vCPU before "not beyond" means anything. */
const clearGain = 1.15;
/** How much larger than one vCPU a size must be for "not beyond" to have been seen. */
const clearlyMore = 1.4;
/** Durations over a four-fold range of sizes that differ by less do not come from the CPU. */
const flatRatio = 1.1;
const flatRange = 4;

type MeasuredRow = ConfigurationResult & { readonly warm: Summary };

/** None of them says other than the answer does. */
export function hintsOf(result: TuningResult): readonly Hint[] {
  const { answer } = result;
  const current = currentConfiguration(result);
  const tolerance = toleranceOf(result);
  const rows = result.configurations.filter(isMeasured).toSorted((one, other) => one.memoryMb - other.memoryMb);
  const found = [
    answer.configuration && tightMemory(rows, answer.configuration),
    current && isChangeDown(answer, current) ? overProvisioned(rows, current, tolerance) : undefined,
    ...(canCompareSizes(answer) ? speedHints(rows.filter(givesItsShare(result)), tolerance) : []),
    callerHint(result),
  ];
  return found.filter((hint) => hint !== undefined);
}

/** What this machine has too few cores for is no faster here, whatever the code does. */
function givesItsShare({ emulation }: TuningResult): (row: MeasuredRow) => boolean {
  return ({ memoryMb }) => emulation?.cores === undefined || vcpusOf(memoryMb) <= emulation.cores;
}

/** To keep a size and to call it too large would be two answers. */
function isChangeDown({ kind, configuration }: Answer, current: Configuration): boolean {
  return kind === 'change' && configuration.memoryMb < current.memoryMb;
}

function isMeasured(row: ConfigurationResult): row is MeasuredRow {
  return row.status === 'measured' && row.warm !== undefined;
}

function tightMemory(rows: readonly MeasuredRow[], pick: Configuration): Hint | undefined {
  const row = findConfiguration(rows, pick);
  if (!row || row.warm.maxMemoryUsedMb < tightShare * row.memoryMb) return undefined;
  return { kind: 'tightMemory', pick, usedMb: row.warm.maxMemoryUsedMb };
}

function overProvisioned(rows: readonly MeasuredRow[], current: Configuration, tolerance: number): Hint | undefined {
  const same = rows.filter((row) => row.architecture === current.architecture);
  const row = findConfiguration(same, current);
  if (!row || row.warm.maxMemoryUsedMb > muchUnusedShare * row.memoryMb) return undefined;
  const enough = same.find(
    (one) =>
      one.memoryMb < row.memoryMb &&
      one.warm.durationMs.mean <= row.warm.durationMs.mean * (1 + tolerance) &&
      one.warm.maxMemoryUsedMb < tightShare * one.memoryMb,
  );
  return enough && { kind: 'overProvisioned', current, usedMb: row.warm.maxMemoryUsedMb, enough };
}

function speedHints(rows: readonly MeasuredRow[], tolerance: number): readonly Hint[] {
  const architectures = [...new Set(rows.map((row) => row.architecture))];
  const of = (shape: ReturnType<typeof speedShape>) =>
    architectures.filter(
      (architecture) =>
        speedShape(
          rows.filter((row) => row.architecture === architecture),
          tolerance,
        ) === shape,
    );
  const waiting = of('waiting');
  const singleCore = of('singleCore');
  const sizes = rows.map((row) => row.memoryMb);
  return [
    ...(waiting.length === 0
      ? []
      : [
          {
            kind: 'waiting' as const,
            architectures: waiting,
            leastMb: Math.min(...sizes),
            mostMb: Math.max(...sizes),
          },
        ]),
    ...(singleCore.length === 0 ? [] : [{ kind: 'singleCore' as const, architectures: singleCore }]),
  ];
}

/** Rows of one architecture, by size. */
function speedShape(rows: readonly MeasuredRow[], tolerance: number): 'waiting' | 'singleCore' | undefined {
  const smallest = rows[0];
  const largest = rows.at(-1);
  if (!smallest || !largest) return undefined;
  const means = rows.map((row) => row.warm.durationMs.mean);
  if (largest.memoryMb >= flatRange * smallest.memoryMb && Math.max(...means) <= flatRatio * Math.min(...means)) {
    return 'waiting';
  }
  const oneCore = rows.find((row) => row.memoryMb >= oneVcpuMb);
  if (!oneCore || largest.memoryMb < clearlyMore * oneCore.memoryMb || smallest.memoryMb >= oneVcpuMb) return undefined;
  const gainsBelow = smallest.warm.durationMs.mean >= clearGain * oneCore.warm.durationMs.mean;
  const gainsAbove = largest.warm.durationMs.mean < oneCore.warm.durationMs.mean / (1 + tolerance);
  return gainsBelow && !gainsAbove ? 'singleCore' : undefined;
}

/** Where nobody waits for a call, what is only faster is not worth a word. */
function callerHint(result: TuningResult): Hint | undefined {
  const { triggers = [] } = result.target;
  const faster = fasterForMore(result);
  if (triggers.length === 0) return faster && { kind: 'caller', ...faster };
  const isWaitedFor = triggers.some(({ kind }) => kind === 'synchronous');
  return { kind: 'triggers', triggers, faster: isWaitedFor ? faster : undefined };
}

/** Only what is surely faster than the answer, and surely dearer: else it would have been the answer. */
function fasterForMore(result: TuningResult): FasterForMore | undefined {
  const { answer, fastest: choice, options } = result;
  if (answer.configuration === undefined || choice === null || options.goal !== undefined) return undefined;
  const { candidates, judgement } = comparedRun(result);
  const [answered, fastest] = [answer.configuration, choice].map((wanted) => findMadeOf(candidates, wanted));
  if (!answered || !fastest || answered === fastest) return undefined;
  const cost = differenceIn('costs', fastest, answered, judgement);
  const duration = differenceIn('durations', fastest, answered, judgement);
  if (cost.kind !== 'more' || duration.kind !== 'less') return undefined;
  return {
    answered: answer.configuration,
    fastest: plain(fastest.configuration),
    extraCostShare: cost.ratio - 1,
    savedTimeShare: 1 - duration.ratio,
  };
}
