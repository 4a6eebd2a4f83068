import { expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import { newLane, prepareLanes } from '../../src/measure/lane.ts';
import { lanePayloads, openControls, openMeasuring } from '../../src/measure/measuring.ts';
import { askReference } from '../../src/measure/reference.ts';
import type { CostModel, FunctionFacts } from '../../src/model/measurement.ts';
import type { Platform } from '../../src/model/platform.ts';

const costModel: CostModel = {
  region: 'test-1',
  gbSecondUsd: { x86_64: 0.01, arm64: 0.008 },
  requestUsd: { x86_64: 0, arm64: 0 },
  source: 'option',
  asOf: '2026-11-01',
  confidence: 'given',
};
const requestId = '00000000-0000-4000-8000-000000000001';

/** What the account saw, in order, of a reference that is tried among these sizes; `limitMb`: larger ones are refused. */
async function tryReference(
  sizes: readonly number[],
  { memoryMb = 512, limitMb = 10_240 } = {},
): Promise<readonly string[]> {
  const seen: string[] = [];
  const platform = {
    async deploy(configuration, _signal, accepted) {
      const mb = configuration.memoryMb;
      seen.push(`create ${mb}`);
      await Promise.resolve();
      if (mb > limitMb) throw new TuneError('QUOTA', 'too large', { memoryLimitMb: limitMb });
      accepted?.();
      // Until every creation that was asked for beside this one has begun.
      await new Promise((resolve) => setTimeout(resolve, 0));
      seen.push(`ready ${mb}`);
      return { configuration, functionName: `copy-${mb}`, version: '1' };
    },
    async invoke({ functionName }) {
      seen.push(`invoke ${functionName}`);
      const logTail = `REPORT RequestId: ${requestId}\tDuration: 10.00 ms\tBilled Duration: 10 ms\tMemory Size: 512 MB\tMax Memory Used: 40 MB\t\n`;
      return { kind: 'answered', requestId, startedAt: new Date(0), responseBody: 'null', logTail };
    },
    redacted: (text) => text,
  } as Partial<Platform> as Platform;
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
  const facts = { timeoutS: 3, ephemeralStorageMb: 512, architecture: 'x86_64', memoryMb } as FunctionFacts;
  const run = openMeasuring({ facts, costModel, plan: { maxInFlight: 8 } }, deps, openControls(deps));
  const lanes = sizes.map((size) => newLane({ memoryMb: size, architecture: 'x86_64' }));
  const payloads = lanePayloads([{ name: 'payload', body: '{}', weight: 1 }], false, deps.uuid);
  await askReference(run, prepareLanes(run), lanes, payloads);
  return seen;
}

it('creates the others while the reference is tried, the slowest first, and invokes the reference alone', async () => {
  const seen = await tryReference([1024, 512, 256, 128]);
  expect(seen.slice(0, 5)).toEqual(['create 512', 'create 128', 'create 256', 'create 1024', 'ready 512']);
  expect(seen.filter((word) => word.startsWith('invoke'))).toEqual(['invoke copy-512']);
});

it('creates nothing beside a reference that the account refuses, and none of the sizes that it refuses with it', async () => {
  const seen = await tryReference([128, 3008, 4096, 5120], { memoryMb: 4096, limitMb: 3008 });
  expect(seen.slice(0, 4)).toEqual(['create 4096', 'create 3008', 'create 128', 'ready 3008']);
  expect(seen).not.toContain('create 5120');
});
