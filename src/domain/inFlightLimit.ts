import type { FunctionFacts, Warning } from './model.ts';

/** Of the pool that production draws from. */
const unreservedShare = 0.05;
const most = 32;
/** When the account's settings may not be read. */
const unreadable = 5;

type ConcurrencyFacts = Pick<FunctionFacts, 'unreservedConcurrency' | 'reservedConcurrency' | 'emulation'>;

/**
 * Invocations in flight over all configurations unless the user says otherwise. On AWS 5 % of the account's unreserved
 * concurrency, at least 1 and at most 32 (production shares that pool), and at most what the target reserves (often to
 * protect a database). On the embedded endpoint one per core: it lets an invocation start only when its CPU share is
 * free, so more would only queue there, and their waiting would count against the connection's time limit.
 */
export function defaultMaxInFlight(facts: ConcurrencyFacts): number {
  if (facts.emulation !== undefined) return between1AndMost(Math.floor(facts.emulation.cores));
  const { unreservedConcurrency, reservedConcurrency = most } = facts;
  const share = unreservedConcurrency === undefined ? unreadable : Math.floor(unreservedConcurrency * unreservedShare);
  return between1AndMost(Math.min(share, reservedConcurrency));
}

function between1AndMost(count: number): number {
  return Math.max(1, Math.min(most, count));
}

/** What to say of a number that the user gave. */
export function inFlightWarnings(given: number | undefined, facts: ConcurrencyFacts): readonly Warning[] {
  const usual = defaultMaxInFlight(facts);
  if (given === undefined || given <= usual || facts.emulation !== undefined) return [];
  const { reservedConcurrency, unreservedConcurrency } = facts;
  if (reservedConcurrency !== undefined && given > reservedConcurrency) {
    const text = `${given} invocations in flight are more than the ${reservedConcurrency} that the function reserves: what it calls may not stand them.`;
    return [{ code: 'inFlightAboveReserved', text }];
  }
  const pool = unreservedConcurrency === undefined ? 'unreserved concurrency' : `${unreservedConcurrency} unreserved`;
  const text = `${given} invocations in flight (usual here: ${usual}) share the account's ${pool} with production.`;
  return [{ code: 'inFlightHigh', text }];
}
