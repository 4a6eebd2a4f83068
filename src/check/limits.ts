import type { CheckLimits, IncreaseLimit } from './options.ts';

/** Limits as options give them; shares are fractions. */
export interface LimitOptions {
  readonly maxCostIncrease: number;
  readonly warnCostIncrease?: number | undefined;
  readonly maxDurationIncrease?: number | undefined;
  readonly warnDurationIncrease?: number | undefined;
  readonly maxP95Increase?: number | undefined;
  readonly warnP95Increase?: number | undefined;
  readonly maxInitIncrease?: number | undefined;
  readonly warnInitIncrease?: number | undefined;
  readonly maxErrorIncrease?: number | undefined;
  readonly maxCostUsdPerMillion?: number | undefined;
  readonly maxP95Ms?: number | undefined;
  readonly maxInitMs?: number | undefined;
  readonly minMemoryHeadroom?: number | undefined;
}

/** A warn level alone does not make a line judged: it would be failed at a limit that nobody gave. */
export function limitsOf(options: LimitOptions): CheckLimits {
  const duration = increaseIfGiven(options.maxDurationIncrease, options.warnDurationIncrease);
  const p95 = increaseIfGiven(options.maxP95Increase, options.warnP95Increase);
  const init = increaseIfGiven(options.maxInitIncrease, options.warnInitIncrease);
  const errors = increaseIfGiven(options.maxErrorIncrease, undefined);
  return {
    cost: increase(options.maxCostIncrease, options.warnCostIncrease),
    duration,
    p95,
    init,
    errors,
    costUsdPerMillion: options.maxCostUsdPerMillion === undefined ? undefined : { max: options.maxCostUsdPerMillion },
    p95Ms: options.maxP95Ms === undefined ? undefined : { max: options.maxP95Ms },
    initMs: options.maxInitMs === undefined ? undefined : { max: options.maxInitMs },
    memoryHeadroom: options.minMemoryHeadroom === undefined ? undefined : { min: options.minMemoryHeadroom },
  };
}

function increaseIfGiven(max: number | undefined, warn: number | undefined): IncreaseLimit | undefined {
  return max === undefined ? undefined : increase(max, warn);
}

function increase(max: number, warn: number | undefined): IncreaseLimit {
  return warn === undefined ? { max } : { max, warn };
}
