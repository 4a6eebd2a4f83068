import { TuneError } from '../../base/errors.ts';
import type { TuneJob } from '../../measure/tuneJob.ts';
import { architectures, type Configuration } from '../../model/configuration.ts';
import type { Payload } from '../../model/payload.ts';
import type { TuningResult } from '../../model/run.ts';
import type { OptionsOf } from '../../options/table.ts';
import { parseMemorySizes } from '../../plan/memorySizes.ts';
import { autoRungs } from '../../search/rungs.ts';
import { planJob } from '../shared/job.ts';
import type { Session } from '../shared/session.ts';

/** The runs of a migration: with `--memory auto` a race that finds the size to compare with, then the comparison. */
export interface MigrationJobs {
  readonly race?: TuneJob;
  /** Both architectures side by side, at the current size and those that were asked for or found. */
  comparison(raced: TuningResult | undefined, now: Date): TuneJob;
  /** To be shown before consent. */
  readonly shown: readonly TuneJob[];
  readonly worstCaseUsd: number;
}

/**
 * At least so many for a comparison, in which environments are clusters: hosts of arm64 come in two kinds, and with four a side
 * one in six comparisons meets one kind alone (0.65⁴). A race only looks for a size; this machine has one kind.
 */
const environments = { comparison: 8, here: 4, race: 2 } as const;

/** A race needs an id of its own: its shadows are gone before the comparison makes others. */
const raceSuffix = '-p1';

export function planMigration(
  session: Session,
  options: OptionsOf<'migrate'>,
  payloads: readonly Payload[],
  run: { readonly id: string; readonly seed: number },
): MigrationJobs {
  const { facts } = session;
  const sizes = sizesOf(options, facts.memoryMb);
  const least = facts.emulation === undefined ? environments.comparison : environments.here;
  const { maxSpendUsd } = options;
  const capAfter = (spentUsd: number) =>
    maxSpendUsd === undefined ? undefined : Math.max(1e-9, maxSpendUsd - spentUsd);
  const list = (memoryMb: readonly number[], spentUsd: number) =>
    planJob(
      {
        ...options,
        maxSpendUsd: capAfter(spentUsd),
        architecture: architectures,
        concurrency: Math.max(least, options.concurrency ?? 0),
      },
      session,
      { memoryMb, warnings: [] },
      payloads,
      run,
    );
  if (sizes !== 'auto') {
    const job = list(sizes, 0);
    return { comparison: () => job, shown: [job], worstCaseUsd: job.plan.estimate.worstCaseUsd };
  }
  const race = planJob(
    { ...options, architecture: architectures, concurrency: options.concurrency ?? environments.race },
    session,
    { memoryMb: autoRungs, race: 'climb', warnings: [] },
    payloads,
    { ...run, id: `${run.id}${raceSuffix}` },
  );
  // One size comes out of it; which one is not known yet, so the dearest is counted.
  const worst = list([...new Set([facts.memoryMb, ...autoRungs.slice(-1)])], 0);
  return {
    race,
    comparison: (raced) => list(sizesAfter(raced, facts, options), raced?.spend.actualUsd ?? 0),
    shown: [race],
    worstCaseUsd: race.plan.estimate.worstCaseUsd + worst.plan.estimate.worstCaseUsd,
  };
}

function sizesOf({ memory }: OptionsOf<'migrate'>, currentMb: number): readonly number[] | 'auto' {
  if (memory === 'current') return [currentMb];
  const request = parseMemorySizes(memory);
  switch (request.kind) {
    case 'list':
      return [...new Set([...request.memoryMb, currentMb])].sort((a, b) => a - b);
    case 'auto':
      return 'auto';
    case 'all':
    case 'range':
      throw new TuneError('USAGE', `--memory ${memory} is too much for a comparison.`, {
        hint: 'Give current, a list such as 512,1024,1769, or auto: --memory auto finds the cheapest size of the other architecture.',
      });
  }
}

/** The current size and the one that could be moved to: of those as cheap within the tolerance the fastest. */
function sizesAfter(
  raced: TuningResult | undefined,
  current: Configuration,
  { tolerance }: OptionsOf<'migrate'>,
): readonly number[] {
  const rows = (raced?.configurations ?? []).flatMap(({ memoryMb, architecture, status, warm }) =>
    architecture !== current.architecture && status === 'measured' && warm !== undefined
      ? [{ memoryMb, costUsd: warm.costUsd.mean, durationMs: warm.durationMs.mean }]
      : [],
  );
  const leastUsd = Math.min(...rows.map(({ costUsd }) => costUsd));
  const asCheap = rows.filter(({ costUsd }) => costUsd <= leastUsd * (1 + tolerance));
  const best = asCheap.toSorted((one, other) => one.durationMs - other.durationMs)[0]?.memoryMb ?? current.memoryMb;
  return [...new Set([current.memoryMb, best])].sort((a, b) => a - b);
}
