import type { Account } from './account.ts';
import type { RecordedConfiguration, RecordedFunction } from './records.ts';

/** What a rule answers after its calls. */
export interface Answer {
  /** True mean cost per warm invocation of what was picked. */
  readonly trueCostUsd: number;
  /** All that the rule calls equally cheap, the pick included. */
  readonly tied: readonly RecordedConfiguration[];
  /** What it says of the pick's mean cost, where it gives an interval, and whether that is so. */
  readonly covered?: boolean;
  /** True mean cost of what the search itself picked, where the answer may name another one: a faster that costs about as little. */
  readonly pickUsd?: number;
}

/** A way of searching: calls sizes through the account, then answers. */
export type Rule = (recorded: RecordedFunction, account: Account) => Answer;

export function answer(
  pick: RecordedConfiguration,
  tied: readonly RecordedConfiguration[],
  interval?: { readonly low: number; readonly high: number },
): Answer {
  const truth = pick.costUsd;
  return {
    trueCostUsd: truth,
    tied,
    ...(interval && { covered: interval.low <= truth && truth <= interval.high }),
  };
}
