import { type LocalEndpoint, type LocalEndpointOptions, openEndpoint } from '../endpoint.ts';
import { straightToLogs } from '../service/logRoute.ts';
import { createCallRecorder, type WireCall } from './calls.ts';
import { conditionsOf, withOtherArchitectures } from './conditions.ts';
import { interceptFor } from './intercept.ts';
import { logRouteOf } from './logRoutes.ts';
import { type Past, remember } from './production/past.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import type { TestingOptions } from './testing.ts';

export interface TestEndpointOptions extends LocalEndpointOptions {
  readonly testing?: TestingOptions;
}

export interface TestEndpoint extends LocalEndpoint {
  snapshot(): Snapshot;
  /** Since the start or the last `setTesting`. */
  calls(): readonly WireCall[];
  /** Production of before the endpoint began, made as it is read; the log group must not exist yet. */
  setPast(past: Past): void;
  /** Other conditions from the next call on; recorded calls are forgotten and counting starts at 0. */
  setTesting(testing: TestingOptions | undefined): void;
}

/** The embedded endpoint in an account where anything can be had and anything can go wrong. */
export async function startTestEndpoint({ testing, ...options }: TestEndpointOptions): Promise<TestEndpoint> {
  let current = testing;
  let admitted = 0;
  const counters = { invokeCalls: 0, unseen: 0 };
  const calls = createCallRecorder();
  const executor = withOtherArchitectures(options.executor, () => current);
  const { endpoint, service } = await openEndpoint(
    { ...options, executor },
    {
      conditions: conditionsOf(testing, options.architectures),
      routeLogs: (invocation) => {
        const index = admitted;
        admitted += 1;
        return current === undefined ? straightToLogs() : logRouteOf(current, invocation, index);
      },
      intercept: interceptFor(() => current, calls, counters),
    },
  );
  return {
    ...endpoint,
    snapshot: () => takeSnapshot(service),
    calls: () => calls.list(),
    setPast: (past) => remember(service, past),
    setTesting: (next) => {
      current = next;
      service.conditions = conditionsOf(next, options.architectures);
      admitted = 0;
      counters.invokeCalls = 0;
      calls.restart();
    },
  };
}
