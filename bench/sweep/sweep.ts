import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { createOrders, openAccount, savedRun, startTune } from '../../test/e2e/support.ts';
import { type CriticalPath, criticalPath, type IdealCall } from './criticalPath.ts';

const sizes = [128, 256, 512, 1024, 1769, 3008] as const;
const warmInvocations = 20;
const environments = 2;
const initMs = 300;
/** A zip without VPC is Pending for a moment. */
const pendingMs = 500;
const latencyMs = { from: 50, to: 200 } as const;

export interface Sweep extends CriticalPath {
  readonly configurations: number;
  /** From the first call that reached the endpoint to the end of the process. */
  readonly wallMs: number;
  /** From the start of the process to its first call: node, the program, the SDK, reading the credentials. */
  readonly startUpMs: number;
  /** From the last answer to the end of the process, a part of wallMs. */
  readonly afterLastAnswerMs: number;
  /** Mean time by which the endpoint answered later than it was to: how busy the machine was. */
  readonly lateMs: number;
  /** Calls for one configuration alone: of its function, without Invoke. */
  readonly callsPerConfiguration: number;
  /** Calls of the whole run without Invoke: target, account, log group and logs included. */
  readonly controlCalls: number;
  /** Of these, calls that change something. */
  readonly writes: number;
  readonly reads: number;
}

/** A run of the real program on 12 configurations, in an account that answers as slowly as AWS. */
export async function sweep(seed: number, note: (line: string) => void = () => undefined): Promise<Sweep> {
  const random = seededRandom(seed);
  const latencies = new Map<number, number>();
  const handlerMs = new Map<string, number>();
  const script: Script = ({ spec, event, invocation }) => {
    const durationMs = handlerMsAt(spec.memoryMb);
    handlerMs.set(event.requestId, durationMs + (invocation === 0 ? initMs : 0));
    return { durationMs, initDurationMs: initMs, maxMemoryUsedMb: 70 };
  };
  const account = await openAccount({ executor: scriptedExecutor(script) });
  try {
    await createOrders(account);
    account.under({
      states: { pendingMs, updateMs: 0, publishMs: 0 },
      latencyMs: ({ index }) => {
        const chosen = latencyMs.from + random() * (latencyMs.to - latencyMs.from);
        latencies.set(index, chosen);
        return chosen;
      },
    });
    const spawnedAtMs = Date.now();
    const args = ['--memory', sizes.join(), '--architecture', 'x86_64,arm64', '--invocations', String(warmInvocations)];
    const finished = await startTune(['--function', 'orders', ...args, '--yes', '--json'], account.env).finished;
    const endedAtMs = Date.now();
    if (finished.code !== 0) throw new Error(`tune ended with ${finished.code}: ${finished.stderr}`);
    const { configurations } = savedRun(finished);
    if (configurations.some(({ status, warm }) => status !== 'measured' || warm?.count !== warmInvocations)) {
      throw new Error(
        `Not every configuration was measured in full: ${configurations.map(({ memoryMb, architecture, status, warm, cold }) => `${memoryMb} ${architecture} ${status} ${warm?.count} ${cold?.count}`).join(', ')}.`,
      );
    }
    const calls: readonly IdealCall[] = account.endpoint
      .calls()
      .map((call) => ({ ...call, idealMs: (latencies.get(call.index) ?? 0) + (handlerMs.get(call.requestId) ?? 0) }));
    const firstMs = calls[0]?.atMs ?? spawnedAtMs;
    for (const call of calls) note(lineOf(call, firstMs));
    const control = calls.filter(({ operation }) => operation !== 'Invoke' && operation !== 'DownloadCode');
    const reads = control.filter(({ operation }) => /^(Get|List|Describe|Filter)/.test(operation));
    return {
      ...criticalPath(calls, { pendingMs, environments }),
      configurations: configurations.length,
      startUpMs: firstMs - spawnedAtMs,
      wallMs: endedAtMs - firstMs,
      afterLastAnswerMs: endedAtMs - Math.max(...calls.map((call) => call.endedAtMs ?? firstMs)),
      lateMs: mean(calls.map((call) => (call.endedAtMs ?? call.atMs) - call.atMs - call.idealMs)),
      callsPerConfiguration:
        control.filter(({ resource }) => resource.includes(':function:tune-')).length / configurations.length,
      controlCalls: control.length,
      reads: reads.length,
      writes: control.length - reads.length,
    };
  } finally {
    await account.close();
  }
}

/** Falls with memory from 300 to 100 ms, as of a function that is partly CPU-bound. */
function handlerMsAt(memoryMb: number): number {
  return 100 + 200 / Math.max(1, memoryMb / 128);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function lineOf(call: IdealCall, firstMs: number): string {
  const from = String(call.atMs - firstMs).padStart(6);
  const to = String((call.endedAtMs ?? 0) - firstMs).padStart(6);
  return `${from} ${to} ideal ${call.idealMs.toFixed(0).padStart(4)} ${call.operation} ${call.resource.split(':').slice(5).join(':')}`;
}
