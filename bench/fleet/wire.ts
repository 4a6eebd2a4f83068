import type { WorldCall } from '../../test/fleet/fleetWorld.ts';

/** What was seen of a fleet's calls in the accounts. */

export const isInvocation = ({ operation }: WorldCall) => operation.includes('/invocations');

/** The calls that share 15 a second in an account and region; GetFunction has a quota of its own. */
export function isControl({ operation }: WorldCall): boolean {
  const isLambda = /^(GET|POST|PUT|DELETE) \/20\d\d-/.test(operation);
  return isLambda && !operation.includes('/invocations') && !/^GET \/2015-03-31\/functions\/[^/]+$/.test(operation);
}

function isOfLogs({ operation }: WorldCall): boolean {
  return /^(CreateLogGroup|DeleteLogGroup|PutRetentionPolicy|DescribeLog\w+|FilterLogEvents|TagResource)$/.test(
    operation,
  );
}

export function byPlace(calls: readonly WorldCall[]): ReadonlyMap<string, readonly WorldCall[]> {
  const places = new Map<string, WorldCall[]>();
  for (const call of calls) {
    const key = `${call.accountId} ${call.region}`;
    const own = places.get(key) ?? [];
    own.push(call);
    places.set(key, own);
  }
  return places;
}

/** At one moment. */
export function mostInFlight(calls: readonly WorldCall[]): number {
  const moves = calls.flatMap(({ atMs, endedAtMs = atMs }) => [
    { ms: atMs, by: 1 },
    { ms: endedAtMs, by: -1 },
  ]);
  let open = 0;
  let most = 0;
  // What ends in the millisecond in which another begins was there before it.
  for (const { by } of moves.toSorted((one, other) => one.ms - other.ms || one.by - other.by)) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}

export function mostInASecond(calls: readonly WorldCall[]): number {
  const times = calls.map(({ atMs }) => atMs).toSorted((one, other) => one - other);
  let from = 0;
  let most = 0;
  for (const [to, atMs] of times.entries()) {
    while ((times[from] ?? 0) <= atMs - 1000) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

/** Five a second after ten at once (docs/fleet.md). */
const rate = { perSecond: 5, burst: 10 } as const;

/** The least time that the caps leave to these calls of one place, whatever the order. */
export function idealMsOf(calls: readonly WorldCall[], inFlight: number): number {
  const paced = (count: number) => (1000 * Math.max(0, count - rate.burst)) / rate.perSecond;
  const busyMs = calls.filter(isInvocation).reduce((sum, { atMs, endedAtMs = atMs }) => sum + endedAtMs - atMs, 0);
  return Math.max(paced(calls.filter(isControl).length), paced(calls.filter(isOfLogs).length), busyMs / inFlight);
}
