import { type Script, scriptedExecutor } from '../../src/local/testing/scriptedExecutor.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { createOrders, openAccount, savedRun, startTune } from '../../test/e2e/support.ts';
import { type CriticalPath, criticalPath, type IdealCall } from './criticalPath.ts';

const sizes = [128, 256, 512, 1024, 1769, 3008] as const;
const warmInvocations = 20;
const environments = 2;
const initMs = 300;

/** The account that a run of the sweep meets, and the function in it. */
export interface Scene {
  /** Of every answer, drawn evenly. */
  readonly latencyMs: { readonly from: number; readonly to: number };
  /** How long a new function is Pending. */
  readonly pendingMs: number;
  /** Of a warm call. */
  handlerMsAt(memoryMb: number): number;
}

/** As AWS is on most days. The handler falls with memory from 300 to 100 ms, as of a function that is partly CPU-bound. */
const ordinaryScene: Scene = {
  latencyMs: { from: 50, to: 200 },
  pendingMs: 500,
  handlerMsAt: (memoryMb) => 100 + 200 / Math.max(1, memoryMb / 128),
};

/** Every answer after 100 ms, a second in Pending, and a longest lane (128 MB) of 9.1 s, so that the lane alone takes 10.4 s. */
export const steadyScene: Scene = {
  latencyMs: { from: 100, to: 100 },
  pendingMs: 1000,
  handlerMsAt: (memoryMb) => 100 + 600 / Math.max(1, memoryMb / 128),
};

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
  /** Control-plane calls at the wire, by operation: every attempt of the whole run but Invoke and the download of the code. */
  readonly calls: Readonly<Record<string, number>>;
  /** All of them, by configuration. */
  readonly callsPerConfiguration: number;
  /** Those on the copies alone, by configuration: without what is read of target and account, log group and logs. */
  readonly ownCallsPerConfiguration: number;
}

/** A run of the real program on 12 configurations, in an account that answers as slowly as AWS. */
export async function sweep(
  seed: number,
  { latencyMs, pendingMs, handlerMsAt }: Scene = ordinaryScene,
  note: (line: string) => void = () => undefined,
): Promise<Sweep> {
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
    return {
      ...criticalPath(calls, { pendingMs, environments }),
      configurations: configurations.length,
      startUpMs: firstMs - spawnedAtMs,
      wallMs: endedAtMs - firstMs,
      afterLastAnswerMs: endedAtMs - Math.max(...calls.map((call) => call.endedAtMs ?? firstMs)),
      lateMs: mean(calls.map((call) => (call.endedAtMs ?? call.atMs) - call.atMs - call.idealMs)),
      calls: countedBy(control.map(({ operation }) => operation)),
      callsPerConfiguration: control.length / configurations.length,
      ownCallsPerConfiguration:
        control.filter(({ resource }) => resource.includes(':function:tune-')).length / configurations.length,
    };
  } finally {
    await account.close();
  }
}

function countedBy(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function lineOf(call: IdealCall, firstMs: number): string {
  const from = String(call.atMs - firstMs).padStart(6);
  const to = String((call.endedAtMs ?? 0) - firstMs).padStart(6);
  return `${from} ${to} ideal ${call.idealMs.toFixed(0).padStart(4)} ${call.operation} ${call.resource.split(':').slice(5).join(':')}`;
}
