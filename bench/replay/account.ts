import type { Configuration } from '../../src/model/configuration.ts';
import type { Random } from '../../src/stats/random.ts';
import { chargeUsd } from './charge.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';

/** How records are drawn: each on its own, or as a window of neighbouring ones (drift and autocorrelation stay in). */
export type Drawing = 'iid' | 'windows';

/** One replayed run: what is called is drawn from the records and paid. */
export interface Account {
  /** Billable ms of the next call. */
  call(configuration: RecordedConfiguration, start: 'cold' | 'warm'): number;
  /** Pays a call that was made up from several records (sizes between the recorded ones). */
  pay(configuration: Configuration, billableMs: number): void;
  readonly random: Random;
  readonly spentUsd: number;
  readonly invocations: number;
}

export function openAccount(recorded: RecordedFunction, drawing: Drawing, random: Random): Account {
  let spentUsd = 0;
  let invocations = 0;
  const positions = new Map<readonly number[], number>();
  // A window belongs to a size and not to one of its environments: these are called in the same minutes.
  const next = (pool: readonly number[]): number => {
    const start = drawing === 'iid' ? undefined : positions.get(pool);
    const position = start ?? Math.floor(random() * pool.length);
    if (drawing === 'windows') positions.set(pool, (position + 1) % pool.length);
    return pool[position] ?? Number.NaN;
  };
  const known = new Set(recorded.configurations);
  const pay = (configuration: Configuration, billableMs: number) => {
    spentUsd += chargeUsd(configuration, billableMs);
    invocations += 1;
  };
  return {
    random,
    call(configuration, start) {
      if (!known.has(configuration)) throw new Error('a size that was not recorded cannot be called');
      const billableMs = next(start === 'cold' ? configuration.coldMs : configuration.warmMs);
      pay(configuration, billableMs);
      return billableMs;
    },
    pay,
    get spentUsd() {
      return spentUsd;
    },
    get invocations() {
      return invocations;
    },
  };
}
