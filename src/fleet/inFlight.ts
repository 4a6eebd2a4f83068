import type { Shard } from '../model/fleet/shard.ts';
import type { FunctionFacts } from '../model/functionFacts.ts';
import { defaultMaxInFlight } from '../plan/inFlightLimit.ts';
import { shardShareOf } from './shards.ts';

/**
 * What this part may have in flight in one account and region. What a function reserves bounds the function alone, and no other
 * part measures it, so that is not divided. @throws TuneError USAGE where there are more parts than there is room
 */
export function inFlightOf(
  facts: Pick<FunctionFacts, 'unreservedConcurrency' | 'emulation'>,
  ofFunction: number,
  asked: number | undefined,
  shard: Shard,
): number {
  const { unreservedConcurrency, emulation } = facts;
  const whole =
    asked ?? (emulation === undefined ? defaultMaxInFlight({ unreservedConcurrency, emulation }, []) : ofFunction);
  return shardShareOf(whole, shard);
}
