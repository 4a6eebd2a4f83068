import { conflict, notFound, ServiceFailure } from '../http/wire.ts';
import { resourceOfArn } from '../service/metricStore.ts';
import { type FunctionRecord, stateOf, updateInProgress, type VersionRecord } from '../service/model.ts';
import { type FunctionReference, functionArn } from '../service/names.ts';
import { type Service, unreservedConcurrency } from '../service/service.ts';

/** Whom an invocation goes to, and whether it may start: the same for every way to invoke. */

export interface Invoked {
  readonly target: FunctionRecord;
  readonly version: VersionRecord;
  /** With the qualifier that the caller used. */
  readonly arn: string;
}

/** @throws ServiceFailure when there is no such function or version, or it is not ready */
export function findInvoked(service: Service, { functionName, qualifier }: FunctionReference): Invoked {
  const arn = functionArn(service.account, functionName, qualifier);
  const target = service.functions.get(functionName);
  if (target === undefined) throw notFound(`Function not found: ${arn}`);
  const version = servingVersion(service, target, qualifier);
  if (version === undefined) throw notFound(`Function not found: ${arn}`);
  checkReady(service, version, arn);
  return { target, version, arn };
}

/** @throws ServiceFailure TooManyRequestsException: above the function's reserved concurrency, or what all others share */
export function checkConcurrency(service: Service, { target, arn }: Invoked): void {
  const { functionName, reservedConcurrency } = target;
  const refuse = (reason: string): ServiceFailure => {
    service.metrics.addThrottle({ functionName, resource: resourceOfArn(arn), atMs: service.clock.now() });
    return throttled(reason);
  };
  if (reservedConcurrency !== undefined) {
    if ((service.inFlight.get(functionName) ?? 0) >= reservedConcurrency) {
      throw refuse('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    return;
  }
  let shared = 0;
  for (const [name, count] of service.inFlight) {
    if (service.functions.get(name)?.reservedConcurrency === undefined) shared += count;
  }
  if (shared >= unreservedConcurrency(service)) throw refuse('ConcurrentInvocationLimitExceeded');
}

export function throttled(reason: string): ServiceFailure {
  return new ServiceFailure(429, 'TooManyRequestsException', 'Rate Exceeded.', { reason, retryAfterS: 1 });
}

/** The version that an alias, a number or nothing leads to; while `$LATEST` is being updated, the one before. */
function servingVersion(service: Service, target: FunctionRecord, qualifier = '$LATEST'): VersionRecord | undefined {
  if (qualifier === '$LATEST') {
    const { latest, previousLatest } = target;
    return previousLatest !== undefined && updateInProgress(latest, service.clock.now()) ? previousLatest : latest;
  }
  const alias = target.aliases.get(qualifier);
  if (alias === undefined) return target.versions.get(qualifier);
  let draw = service.random();
  for (const [version, weight] of Object.entries(alias.weights)) {
    if (draw < weight) return versionOf(target, version);
    draw -= weight;
  }
  return versionOf(target, alias.functionVersion);
}

function versionOf(target: FunctionRecord, version: string): VersionRecord | undefined {
  return version === '$LATEST' ? target.latest : target.versions.get(version);
}

function checkReady(service: Service, version: VersionRecord, arn: string): void {
  const state = stateOf(version, service.clock.now());
  if (state === 'Active') return;
  throw conflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}: ${arn}`,
  );
}
