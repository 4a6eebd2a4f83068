import { messageOf, TuneError } from '../../base/errors.ts';
import { traceHeader, traceOf } from '../http/traceHeader.ts';
import { coresNeeded } from './admission.ts';
import { environmentSpec } from './environmentSpec.ts';
import { type EnvironmentSpec, type ExecutionResult, type ResponseListener, setUpFailed } from './execution.ts';
import { invocationLog } from './invocationLog.ts';
import { layersOf } from './layers.ts';
import type { LogRoute } from './logRoute.ts';
import { resourceOfArn } from './metricStore.ts';
import type { FunctionRecord, VersionRecord } from './model.ts';
import type { Slot } from './pools.ts';
import { jsonRecords, type LogRecord, logTail, outputLines, textRecords } from './reportText.ts';
import type { Service } from './service.ts';

export interface InvocationInput {
  readonly requestId: string;
  readonly body: Buffer;
  /** Unqualified, or with the qualifier that the caller used. */
  readonly invokedFunctionArn: string;
  readonly clientContext?: string | undefined;
  /** The caller's `X-Amzn-Trace-Id`. */
  readonly traceHeader?: string | undefined;
}

export interface InvocationOutcome {
  readonly result: ExecutionResult;
  /** The last 4 KB of the log, if the answer has any. */
  readonly tail?: Buffer;
}

/**
 * Runs one invocation from the choice of an environment to its log lines. Never throws for what the function does; goes
 * on when the caller hangs up or the function is deleted meanwhile, as on the service.
 */
export async function runInvocation(
  service: Service,
  target: FunctionRecord,
  version: VersionRecord,
  input: InvocationInput,
  listener?: ResponseListener,
): Promise<InvocationOutcome> {
  const { functionName } = target;
  service.inFlight.set(functionName, (service.inFlight.get(functionName) ?? 0) + 1);
  const admitted = { atMs: service.clock.now(), concurrency: concurrencyNow(service, functionName) };
  try {
    const slot = await service.pools.acquire(version.poolId);
    const cold = slot.environment === undefined;
    const admission = service.conditions.sharesCores ? service.admission : undefined;
    // One share for the whole invocation: when init ends and the handler begins is not seen from here.
    const leave = await admission?.admit(coresNeeded(version.settings.memoryMb, cold, service.executor.cores));
    try {
      const outcome = await runIn(slot, cold, service, functionName, version, input, listener);
      service.metrics.addInvocation({
        functionName,
        resource: resourceOfArn(input.invokedFunctionArn),
        executedVersion: version.version,
        ...admitted,
        // As REPORT shows it.
        durationMs: Math.round(outcome.result.durationMs * 100) / 100,
        isError: outcome.result.functionError !== undefined,
      });
      return outcome;
    } finally {
      leave?.();
    }
  } finally {
    const left = (service.inFlight.get(functionName) ?? 1) - 1;
    if (left > 0) service.inFlight.set(functionName, left);
    else service.inFlight.delete(functionName);
  }
}

async function runIn(
  slot: Slot,
  cold: boolean,
  service: Service,
  functionName: string,
  version: VersionRecord,
  input: InvocationInput,
  listener: ResponseListener | undefined,
): Promise<InvocationOutcome> {
  const { requestId, body, invokedFunctionArn, clientContext } = input;
  const roleArn = version.settings.role;
  const route = service.routeLogs({ functionName, version: version.version, roleArn, requestId });
  const startedAt = new Date(service.clock.now());
  const optFolder = await service.code.layered(layersOf(service, version.settings.layers));
  const spec = environmentSpec(slot, service, functionName, version, startedAt, optFolder);
  const trace = traceOf(input.traceHeader, startedAt, version.settings.tracing === 'Active');
  let result: ExecutionResult;
  try {
    // Those that waited for a core when the endpoint closed must not start processes any more.
    if (service.pools.isClosed()) throw new Error('The endpoint is closing');
    slot.environment ??= await service.executor.start(spec, (output) => writeLate(service, spec, output));
    slot.logStreamName = spec.logStreamName;
    const event = { requestId, body, invokedFunctionArn, traceId: traceHeader(trace) };
    result = await slot.environment.invoke(clientContext === undefined ? event : { ...event, clientContext }, listener);
  } catch (error) {
    result = notStarted(error);
  }
  const log = invocationLog(service, spec, version, result, { cold, startedAt, trace, requestId });
  const { logging } = version.settings;
  const records = logging.format === 'JSON' ? jsonRecords(log, logging) : textRecords(log);
  service.listener?.ended(functionName, log, records);
  void writeLogs(service, spec, route, records);
  // Not awaited: a caller waits for the answer, not for a dead environment to be taken away.
  void service.pools.release(slot, result.environmentEnded);
  const shown = route.tail(records);
  return shown === undefined ? { result } : { result, tail: logTail(shown) };
}

function concurrencyNow(service: Service, functionName: string) {
  let ofAccount = 0;
  for (const count of service.inFlight.values()) ofAccount += count;
  return { ofFunction: service.inFlight.get(functionName) ?? 0, ofAccount };
}

/** What was written outside invocations. */
function writeLate(service: Service, spec: EnvironmentSpec, output: string): void {
  const at = new Date(service.clock.now());
  const records = outputLines(output).map((message) => ({ kind: 'output', at, message }) as const);
  if (records.length === 0) return;
  service.listener?.wroteLate(spec.functionName, records);
  service.logs.append(spec.logGroupName, spec.logStreamName, records, service.clock.now());
}

/** A group deleted while the events were under way comes back: the service makes it again, untagged [issue]. */
async function writeLogs(
  service: Service,
  spec: EnvironmentSpec,
  route: LogRoute,
  records: readonly LogRecord[],
): Promise<void> {
  const stored = route.stored(records);
  if (stored === undefined) return;
  if (route.delayMs > 0) await service.clock.sleep(route.delayMs);
  service.logs.append(spec.logGroupName, spec.logStreamName, stored, service.clock.now());
}

/** The executor could not make an environment at all (no interpreter, no cgroup, disk full): an error, never a 0 ms success. */
function notStarted(error: unknown): ExecutionResult {
  const errorMessage = messageOf(error);
  // What the package or this machine's runtimes lack is said by one of ours; all else is no matter of the function.
  const errorType = error instanceof TuneError ? 'Runtime.InvalidEntrypoint' : setUpFailed;
  return {
    status: 'error',
    errorType,
    functionError: 'Unhandled',
    payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
    durationMs: 0,
    rawDurationMs: 0,
    maxMemoryUsedMb: 0,
    initOutput: '',
    output: '',
    modelled: false,
    contendedShare: 0,
    environmentEnded: true,
  };
}
