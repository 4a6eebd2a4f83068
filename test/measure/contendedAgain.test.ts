import { expect, it } from 'vitest';
import { newLane, runStep } from '../../src/measure/lane.ts';
import { lanePayloads, openControls, openMeasuring } from '../../src/measure/measuring.ts';
import type { CostModel, FunctionFacts } from '../../src/model/measurement.ts';
import type { Platform } from '../../src/model/platform.ts';

const configuration = { memoryMb: 512, architecture: 'x86_64' } as const;
const costModel: CostModel = {
  region: 'test-1',
  gbSecondUsd: { x86_64: 0.01, arm64: 0.008 },
  requestUsd: { x86_64: 0, arm64: 0 },
  source: 'option',
  asOf: '2026-11-01',
  confidence: 'given',
};
const facts = { timeoutS: 3, ephemeralStorageMb: 512 } as FunctionFacts;

/** Shares of the calls in their order, the first one cold; how many calls were made for three warm ones. */
async function callsFor(shares: readonly number[], opening: 'sideBySide' | 'alone' = 'sideBySide'): Promise<number> {
  let made = 0;
  const platform = {
    async invoke() {
      made += 1;
      const requestId = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
      const init = made === 1 ? '\tInit Duration: 90.00 ms' : '';
      return {
        kind: 'answered',
        requestId,
        startedAt: new Date(0),
        responseBody: 'null',
        logTail: `REPORT RequestId: ${requestId}\tDuration: 10.00 ms\tBilled Duration: ${made === 1 ? 100 : 10} ms\tMemory Size: 512 MB\tMax Memory Used: 40 MB${init}\t\n`,
        hostTime: { rawDurationMs: 20, contendedShare: shares[made - 1] ?? 0.5 },
      };
    },
  } as unknown as Platform;
  const deps = {
    platform,
    now: () => new Date(0),
    monotonicMs: () => 0,
    random: () => 0.5,
    uuid: () => 'uuid',
    sleep: async () => undefined,
    interrupted: new AbortController().signal,
    onEvent: () => undefined,
  };
  const run = openMeasuring({ facts, costModel, plan: { maxInFlight: 1 } }, deps, openControls(deps));
  const lane = newLane(configuration);
  lane.deployment = { configuration, functionName: 'copy', version: '1' };
  const payloads = lanePayloads([{ name: 'payload', body: '{}', weight: 1 }], false, deps.uuid);
  await runStep(run, lane, { configuration, environment: 0, invocations: 4 }, payloads, opening);
  expect(lane.measurements).toHaveLength(made);
  expect(lane.measurements[0]).toMatchObject({ start: 'cold', durationMs: 10, rawDurationMs: 20 });
  return made;
}

it('makes as many calls as were asked for on a calm machine', async () => {
  expect(await callsFor([0, 0, 0, 0.1])).toBe(4);
});

it('makes a warm call again that a busy machine got in the way of', async () => {
  expect(await callsFor([0, 0.5, 0, 0, 0])).toBe(5);
});

it('makes at most half as many again where the machine is never calm', async () => {
  expect(await callsFor([])).toBe(6);
});

it('leaves it to a race or a check to ask for more', async () => {
  expect(await callsFor([], 'alone')).toBe(4);
});
