import { describe, expect, it } from 'vitest';
import { planMigration } from '../../../src/commands/migrate/migratePlan.ts';
import { migrationStepsOf } from '../../../src/commands/migrate/migrateSteps.ts';
import { openConnections } from '../../../src/commands/shared/connections.ts';
import { openSession, type Session } from '../../../src/commands/shared/session.ts';
import { withDefaults } from '../../../src/options/defaults.ts';
import { resolveOptions } from '../../../src/options/options.ts';
import type { OptionsOf } from '../../../src/options/table.ts';
import { awsRun } from '../../reporters/savedRuns.ts';
import { inLabAccount } from '../labAccount.ts';

/** Not marked as tune's own endpoint, so that both architectures can be had as in AWS. */
const account = inLabAccount({ testing: { forTestsOnly: true, unmarked: true } });
const payloads = [{ name: 'payload', body: '{}', weight: 1 }];
const run = { id: 'k3x9', seed: 7 };
const now = new Date('2026-11-23T10:00:00Z');

async function opened(
  flags: Readonly<Record<string, unknown>> = {},
): Promise<{ session: Session; options: OptionsOf<'migrate'> }> {
  await account().lab.create({ MemorySize: 1024 });
  const { io } = account().process();
  const options = withDefaults('migrate', resolveOptions(undefined, { function: 'orders', ...flags }));
  const session = await openSession('orders', options, { memoryMb: [1024], warnings: [] }, io, openConnections(io));
  return { session, options };
}

describe('what a migration measures', () => {
  const planned = async (flags: Readonly<Record<string, unknown>>) => {
    const { session, options } = await opened(flags);
    return planMigration(session, options, payloads, run);
  };
  const configurationsOf = ({ plan }: { readonly plan: { readonly configurations: readonly unknown[] } }) =>
    plan.configurations.map((one) => {
      const { memoryMb, architecture } = one as { memoryMb: number; architecture: string };
      return `${memoryMb} ${architecture}`;
    });

  it.each([{}, { memory: 'current' }])('is the size of today on both architectures for %j', async (flags) => {
    const jobs = await planned(flags);
    expect(configurationsOf(jobs.comparison(undefined, now)).toSorted()).toEqual(['1024 arm64', '1024 x86_64']);
    expect(jobs.race).toBeUndefined();
    expect(jobs.comparison(undefined, now).plan).toMatchObject({ environmentsPerConfiguration: 8 });
  });

  it('is a list and always the size of today', async () => {
    const jobs = await planned({ memory: '512,2048' });
    expect(new Set(configurationsOf(jobs.comparison(undefined, now)))).toEqual(
      new Set(['512 x86_64', '512 arm64', '1024 x86_64', '1024 arm64', '2048 x86_64', '2048 arm64']),
    );
  });

  it('with auto is a race under an id of its own, then the fastest of the cheapest sizes that it found', async () => {
    const jobs = await planned({ memory: 'auto', maxSpendUsd: '1', tolerance: '10%' });
    expect(jobs.race?.runId).toBe('k3x9-p1');
    const raced = awsRun();
    const comparison = jobs.comparison(raced, now);
    expect(comparison.runId).toBe('k3x9');
    expect(configurationsOf(comparison).toSorted()).toEqual(
      ['1024 arm64', '1024 x86_64', '1769 arm64', '1769 x86_64'].toSorted(),
    );
    // What the race spent is not there for the comparison.
    expect(comparison.maxSpendUsd).toBeCloseTo(1 - raced.spend.actualUsd, 12);
    expect(jobs.worstCaseUsd).toBeGreaterThan(jobs.shown[0]?.plan.estimate.worstCaseUsd ?? Number.NaN);
  });

  it.each(['all', '512..2048'])('is not %s', async (memory) => {
    await expect(planned({ memory })).rejects.toMatchObject({
      code: 'USAGE',
      message: `--memory ${memory} is too much for a comparison.`,
    });
  });
});

describe('the steps of a move', () => {
  const move = {
    kind: 'move',
    because: 'cheaperNotSlower',
    reason: 'it costs less',
    configuration: { memoryMb: 512, architecture: 'arm64' },
  } as const;
  const linesOf = async (flags: Readonly<Record<string, unknown>>) => {
    const { session, options } = await opened(flags);
    return migrationStepsOf(session, options, move)
      .flatMap(({ lines }) => lines)
      .join('\n');
  };

  it('are none for any other verdict', async () => {
    const { session, options } = await opened();
    expect(
      migrationStepsOf(session, options, { kind: 'stay', because: 'dearer', reason: 'it costs more' } as never),
    ).toEqual([]);
  });

  it('set the architecture and the size that were judged', async () => {
    const lines = await linesOf({});
    expect(lines).toContain('--architectures arm64');
    expect(lines).toContain('--memory-size 512');
    expect(lines).toContain('function-arm64.zip');
  });
});
