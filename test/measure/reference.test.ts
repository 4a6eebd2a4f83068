import { expect, it } from 'vitest';
import { TuneError } from '../../src/base/errors.ts';
import { measure } from '../../src/measure/engine.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import { costModel, dependencies, facts, fakePlatform, sourceOn } from './fakePlatform.ts';

/** What the account saw, in order, of a run over these sizes; `limitMb`: larger ones are refused. */
async function seenFor(
  sizes: readonly number[],
  { memoryMb = 512, limitMb = 10_240 } = {},
): Promise<readonly string[]> {
  const platform = fakePlatform({
    deploy(configuration) {
      if (configuration.memoryMb > limitMb) throw new TuneError('QUOTA', 'too large', { memoryLimitMb: limitMb });
    },
  });
  const configurations = sizes.map((size): Configuration => ({ memoryMb: size, architecture: 'x86_64' }));
  await measure(
    [
      {
        sampler: { next: () => ({ kind: 'stop', found: undefined }) },
        sources: [sourceOn(platform, { facts: { ...facts, memoryMb } })],
        lanes: configurations.map((configuration) => ({ configuration, earlier: [] })),
        costModel,
        allowedErrors: [],
        maxInFlight: 8,
      },
    ],
    { maxInFlight: 8 },
    dependencies(),
  );
  return platform.log.map((line) => line.replace('x86_64 ', '')).filter((line) => /^(deploy|invoke)/.test(line));
}

it('creates the others while the reference is tried, the slowest first, and invokes the reference alone', async () => {
  expect(await seenFor([1024, 512, 256, 128])).toEqual([
    'deploy 512',
    'deploy 128',
    'deploy 256',
    'deploy 1024',
    'invoke 512',
  ]);
});

it('creates nothing beside a reference that the account refuses, and none of the sizes that it refuses with it', async () => {
  expect(await seenFor([128, 3008, 4096, 5120], { memoryMb: 4096, limitMb: 3008 })).toEqual([
    'deploy 4096',
    'deploy 3008',
    'deploy 128',
    'invoke 3008',
  ]);
});
