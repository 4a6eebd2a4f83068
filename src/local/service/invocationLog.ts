import type { Trace } from '../http/traceHeader.ts';
import type { EnvironmentSpec, ExecutionResult } from './execution.ts';
import type { VersionRecord } from './model.ts';
import type { InvocationLog } from './reportText.ts';
import { runtimeVersionArn } from './runtimeVersion.ts';
import type { Service } from './service.ts';

/** What is to be logged of an invocation. */
export function invocationLog(
  service: Service,
  spec: EnvironmentSpec,
  version: VersionRecord,
  result: ExecutionResult,
  run: { readonly cold: boolean; readonly startedAt: Date; readonly trace: Trace; readonly requestId: string },
): InvocationLog {
  return {
    functionName: spec.functionName,
    version: version.version,
    runtime: spec.runtime,
    runtimeVersionArn: runtimeVersionArn(service.account.region),
    startedAt: run.startedAt,
    endedAt: new Date(service.clock.now()),
    cold: run.cold,
    initOutput: result.initOutput,
    output: result.output,
    modelled: result.modelled,
    report: {
      requestId: run.requestId,
      durationMs: result.durationMs,
      initDurationMs: result.initDurationMs,
      restoreDurationMs: result.restoreDurationMs,
      memoryMb: spec.memoryMb,
      maxMemoryUsedMb: result.maxMemoryUsedMb,
      status: result.status,
      errorType: result.errorType,
      xray:
        version.settings.tracing === 'Active' && run.trace.isSampled
          ? { traceId: run.trace.root, segmentId: run.trace.parent }
          : undefined,
    },
  };
}
