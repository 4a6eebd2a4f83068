import { scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { type Account, createOrders, openAccount } from '../e2e/support.ts';

/** The run that everything happens to: an alias, 2 architectures × 3 sizes, at least one throttle. */

const runId = 'faulty';
export const capUsd = 0.5;
/** Six configurations of a cold and four warm calls each. */
export const plannedInvocations = 30;

const armFactor = 0.9;
const durationsMs: Readonly<Record<number, number>> = { 128: 80, 512: 30, 1024: 20 };

/** What a call really takes, so what the tool has to find. */
export function durationMsOf(memoryMb: number, architecture: 'x86_64' | 'arm64'): number {
  const x86Ms = durationsMs[memoryMb] ?? Number.NaN;
  return architecture === 'arm64' ? x86Ms * armFactor : x86Ms;
}

export function runArgsOf(id: string): readonly string[] {
  return [
    ['--function', 'orders:live', '--memory', '128,512,1024', '--invocations', '4', '--concurrency', '1'],
    ['--max-in-flight', '3', '--max-spend-usd', String(capUsd), '--run-id', id, '--yes', '--json'],
  ].flat();
}

export const runArgs = runArgsOf(runId);

export const cleanupArgs = ['cleanup', '--run', runId, '--yes'];

const conditions: Partial<TestingOptions> = {
  throttleEveryNthInvoke: 9,
  states: { pendingMs: 2, updateMs: 0, publishMs: 2 },
  otherArchitectures: { arm64: { durationFactor: armFactor } },
};

export interface Stage {
  readonly account: Account;
  /** Those of the run, and something that goes wrong. */
  under(testing: Partial<TestingOptions>): void;
  /** Options that lead the program here. */
  readonly here: readonly string[];
}

export async function openStage(): Promise<Stage> {
  const script = ({ spec }: { spec: { memoryMb: number } }) => ({
    durationMs: durationsMs[spec.memoryMb] ?? 50,
    maxMemoryUsedMb: 60,
  });
  const account = await openAccount({ executor: scriptedExecutor(script, { waiting: 'none' }) });
  await createOrders(account);
  const under: Stage['under'] = (testing) => account.under({ ...conditions, ...testing });
  under({});
  return { account, under, here: ['--endpoint-url', account.endpoint.url] };
}
