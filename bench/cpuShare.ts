import { isBeyond } from '../src/analysis/contention.ts';
import { vcpusFor } from '../src/local/cgroup/cpuShare.ts';
import type { ExecutionEnvironment, ExecutionResult } from '../src/local/service/execution.ts';
import { executorFor, invoke, specOf } from '../test/local/execution.ts';
import { median } from './figure.ts';

const sizes = [128, 512, 1024, 1769] as const;
const rounds = 15;
/** About 100 ms at full speed: five periods of the quota at 1,769 MB, some seventy at 128 MB. */
const event = { iterations: 500_000 };

export interface SizeFigures {
  readonly memoryMb: number;
  /** Median, in ms. */
  readonly durationMs: number;
  /** CPU work in it, if it had got exactly its share, ÷ that at 1,769 MB; 1 is proportional. */
  readonly proportional: number;
  /** Standard deviation ÷ mean of the durations. */
  readonly cv: number;
  /** Mean share of the time for which others kept the function from its CPU. */
  readonly contended: number;
}

interface Row {
  readonly memoryMb: number;
  readonly environment: ExecutionEnvironment;
  readonly durations: number[];
  readonly contended: number[];
}

/** One environment per size, the sizes in turn, one invocation at a time. Undefined: no CPU quota can be set here. */
export async function cpuShares(): Promise<readonly SizeFigures[] | undefined> {
  const executor = await executorFor('auto');
  try {
    if (executor.cpu !== 'cgroup') return undefined;
    const rows: Row[] = [];
    for (const memoryMb of sizes) {
      const environment = await executor.start(specOf('cpu-node', { memoryMb }));
      await invoke(environment, event);
      rows.push({ memoryMb, environment, durations: [], contended: [] });
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const { environment, durations, contended } of rows) {
        const result = await calmResult(environment);
        durations.push(result.durationMs);
        contended.push(result.contendedShare);
      }
    }
    const work = (row: Row) => median(row.durations) * vcpusFor(row.memoryMb);
    const full = rows.at(-1);
    return rows.map((row) => ({
      memoryMb: row.memoryMb,
      durationMs: median(row.durations),
      proportional: full === undefined ? Number.NaN : work(row) / work(full),
      cv: coefficientOfVariation(row.durations),
      contended: mean(row.contended),
    }));
  } finally {
    await executor.close();
  }
}

/** As a run does: what a busy machine got in the way of is measured again, within limits. */
async function calmResult(environment: ExecutionEnvironment): Promise<ExecutionResult> {
  for (let again = 0; ; again += 1) {
    const result = await invoke(environment, event);
    if (result.status !== 'success') throw new Error(`cpu-node failed: ${result.payload.toString()}`);
    if (!isBeyond(result.contendedShare, result.rawDurationMs) || again === mostAgain) return result;
  }
}

const mostAgain = 5;

function coefficientOfVariation(values: readonly number[]): number {
  const centre = mean(values);
  const variance = values.reduce((sum, one) => sum + (one - centre) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance) / centre;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
