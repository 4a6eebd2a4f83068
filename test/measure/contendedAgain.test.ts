import { expect, it } from 'vitest';
import { measure } from '../../src/measure/engine.ts';
import type { Sampler } from '../../src/model/engine/sampler.ts';
import { listSampler } from '../../src/search/listSampler.ts';
import { costModel, dependencies, fakePlatform, sourceOn } from './fakePlatform.ts';

const configuration = { memoryMb: 512, architecture: 'x86_64' } as const;

const list = listSampler({
  configurations: [configuration],
  environmentsPerConfiguration: 1,
  warmInvocations: 3,
  allowedErrors: [],
});

/** As a race and a check ask: what does not count they ask for by themselves. */
const withoutAgain: Sampler<undefined> = {
  next: (_, before) =>
    before.length > 0
      ? { kind: 'stop', found: undefined }
      : {
          kind: 'measure',
          steps: [{ kind: 'calls', configuration, environment: 0, invocations: 3, further: 'ownVersion', again: 0 }],
        },
};

/** Shares of the calls in their order, the first one cold; how many calls were made for three warm ones. */
async function callsFor(shares: readonly number[], sampler: Sampler<undefined> = list): Promise<number> {
  const platform = fakePlatform({
    call: ({ nth }) => ({ hostTime: { rawDurationMs: 20, contendedShare: shares[nth] ?? 0.6 } }),
  });
  const [end] = await measure(
    [
      {
        sampler,
        sources: [sourceOn(platform)],
        lanes: [{ configuration, earlier: [] }],
        costModel,
        allowedErrors: [],
        maxInFlight: 1,
      },
    ],
    { maxInFlight: 1 },
    dependencies(),
  );
  const calls = end?.lanes[0]?.measurements ?? [];
  expect(calls[0]).toMatchObject({ start: 'cold', durationMs: 10, rawDurationMs: 20 });
  return calls.length;
}

it('makes as many calls as were asked for on a calm machine', async () => {
  expect(await callsFor([0, 0, 0, 0.1])).toBe(4);
});

it('makes a warm call again that a busy machine got in the way of', async () => {
  expect(await callsFor([0, 0.6, 0, 0, 0])).toBe(5);
});

it('makes at most half as many again where the machine is never calm', async () => {
  expect(await callsFor([])).toBe(6);
});

it('leaves it to a race or a check to ask for more', async () => {
  expect(await callsFor([], withoutAgain)).toBe(4);
});
