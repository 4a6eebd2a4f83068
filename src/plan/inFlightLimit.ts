import type { FunctionFacts } from '../model/functionFacts.ts';
import { vcpusOf } from '../model/lambda/vcpus.ts';
import type { Warning } from '../model/warning.ts';

/** Of the pool that production draws from. */
const unreservedShare = 0.05;
const most = 32;
/** When the account's settings may not be read. */
const unreadable = 5;

type ConcurrencyFacts = Pick<FunctionFacts, 'unreservedConcurrency' | 'reservedConcurrency' | 'emulation'>;

/**
 * Invocations in flight over all configurations unless the user says otherwise. On AWS 5 % of the account's unreserved
 * concurrency, at least 1 and at most 32 (production shares that pool), and at most what the target reserves (often to
 * protect a database). On the embedded endpoint as many as can ever run at once: it lets an invocation start only while
 * the CPU shares of all that run fit the cores, so of the environments' sizes (`memoryMb`, one each) the smallest are
 * counted as long as they fit together. More would only queue there.
 */
export function defaultMaxInFlight(facts: ConcurrencyFacts, memoryMb: readonly number[]): number {
  if (facts.emulation !== undefined) return between1AndMost(howManyFit(memoryMb, facts.emulation.cores));
  const { unreservedConcurrency, reservedConcurrency = most } = facts;
  const share = unreservedConcurrency === undefined ? unreadable : Math.floor(unreservedConcurrency * unreservedShare);
  return between1AndMost(Math.min(share, reservedConcurrency));
}

function howManyFit(memoryMb: readonly number[], cores: number): number {
  let used = 0;
  // Sums of shares such as 128/1769 are not exact.
  const epsilon = 1e-9;
  const tooMany = memoryMb
    .toSorted((a, b) => a - b)
    .findIndex((size) => {
      used += vcpusOf(size);
      return used > cores + epsilon;
    });
  return tooMany < 0 ? memoryMb.length : tooMany;
}

function between1AndMost(count: number): number {
  return Math.max(1, Math.min(most, count));
}

/** What to say of a number that the user gave. */
export function inFlightWarnings(given: number | undefined, facts: ConcurrencyFacts): readonly Warning[] {
  if (given === undefined || facts.emulation !== undefined) return [];
  const usual = defaultMaxInFlight(facts, []);
  if (given <= usual) return [];
  const { reservedConcurrency, unreservedConcurrency } = facts;
  if (reservedConcurrency !== undefined && given > reservedConcurrency) {
    const text = `${given} invocations in flight are more than the ${reservedConcurrency} that the function reserves: what it calls may not stand them.`;
    return [{ code: 'inFlightAboveReserved', text }];
  }
  const pool = unreservedConcurrency === undefined ? 'unreserved concurrency' : `${unreservedConcurrency} unreserved`;
  const text = `${given} invocations in flight (usual here: ${usual}) share the account's ${pool} with production.`;
  return [{ code: 'inFlightHigh', text }];
}
