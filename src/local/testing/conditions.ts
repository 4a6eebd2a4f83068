import { type Conditions, ordinaryConditions } from '../service/conditions.ts';
import type { ExecutionResult, Executor } from '../service/execution.ts';
import type { TestingOptions } from './testing.ts';

/** The account that a test asks for, where it differs from the ordinary one. */
export function conditionsOf(testing: TestingOptions | undefined, own: Conditions['architectures']): Conditions {
  const ordinary = ordinaryConditions(own);
  if (testing === undefined) return ordinary;
  const { states = {} } = testing;
  const others = (['x86_64', 'arm64'] as const).filter((each) => testing.otherArchitectures?.[each] !== undefined);
  return {
    architectures: [...new Set([...own, ...others])],
    pendingMs: states.pendingMs ?? ordinary.pendingMs,
    updateMs: states.updateMs ?? ordinary.updateMs,
    publishMs: states.publishMs ?? ordinary.publishMs,
    memoryLimitMb: testing.memoryLimitMb ?? ordinary.memoryLimitMb,
    blockedRuntimes: testing.blockedRuntimes ?? ordinary.blockedRuntimes,
    codeStorageBytes: testing.codeStorageBytes ?? ordinary.codeStorageBytes,
    runsImages: testing.images ?? ordinary.runsImages,
    sharesCores: testing.admission !== 'off',
    isMarked: testing.unmarked !== true,
  };
}

/** Runs functions of other architectures as if they were the host's, and reports their times multiplied. */
export function withOtherArchitectures(executor: Executor, testing: () => TestingOptions | undefined): Executor {
  return {
    cpu: executor.cpu,
    cores: executor.cores,
    close: () => executor.close(),
    start: async (spec, hearLate) => {
      const environment = await executor.start(spec, hearLate);
      return {
        spec: environment.spec,
        stop: () => environment.stop(),
        invoke: async (event, listener) => {
          const result = await environment.invoke(event, listener);
          const factor = testing()?.otherArchitectures?.[spec.architecture]?.durationFactor;
          return factor === undefined ? result : slowedDown(result, factor);
        },
      };
    },
  };
}

function slowedDown(result: ExecutionResult, factor: number): ExecutionResult {
  const { initDurationMs, restoreDurationMs } = result;
  return {
    ...result,
    durationMs: result.durationMs * factor,
    rawDurationMs: result.rawDurationMs * factor,
    initDurationMs: initDurationMs === undefined ? undefined : initDurationMs * factor,
    restoreDurationMs: restoreDurationMs === undefined ? undefined : restoreDurationMs * factor,
  };
}
