import { TuneError } from '../base/errors.ts';
import type { Fleet, RankedFunction } from '../model/fleet/fleet.ts';
import type { ChosenFunction } from '../model/fleet/shard.ts';

export interface Selection {
  readonly top?: number | undefined;
  readonly minSaving?: number | undefined;
  /** Names or ARNs. */
  readonly only?: readonly string[] | undefined;
}

/** Which functions of a ranking are to be measured, in its order. @throws TuneError USAGE for one that is not in it */
export function chosenOf(fleet: Fleet, { top, minSaving, only }: Selection): readonly RankedFunction[] {
  if (only !== undefined && only.length > 0) return only.flatMap((name) => named(fleet, name));
  const wanted =
    minSaving === undefined
      ? // Who says how many takes them as they are.
        fleet.functions.filter((one) => top !== undefined || one.isWorthMeasuring === true)
      : fleet.functions.filter(({ atMostSavesUsd }) => (atMostSavesUsd ?? 0) >= minSaving);
  return wanted.filter(({ cannotTune }) => cannotTune === undefined).slice(0, top);
}

function named(fleet: Fleet, name: string): readonly RankedFunction[] {
  const found = fleet.functions.filter(
    ({ functionName, functionArn }) => name === functionName || name === functionArn,
  );
  if (found.length === 1) return found;
  if (found.length === 0) {
    throw new TuneError('USAGE', `--only ${name}: there is no such function in the ranking.`, {
      hint: 'Give its name or ARN as the ranking has it, or rank anew.',
    });
  }
  throw new TuneError('USAGE', `--only ${name}: ${found.length} functions are called so.`, {
    hint: `Give one by its ARN: ${found.map(({ functionArn }) => functionArn).join(', ')}`,
  });
}

/** What a part keeps of a ranked function. */
export function asChosen(one: RankedFunction): ChosenFunction {
  const { functionName, functionArn, region, accountId, profile, role, memoryMb, architecture } = one;
  return {
    functionName,
    functionArn,
    region,
    accountId,
    profile,
    role,
    setting: { memoryMb, architecture },
    monthlyUsd: one.monthlyUsd,
    invocationsPerMonth: one.invocationsPerMonth,
  };
}
