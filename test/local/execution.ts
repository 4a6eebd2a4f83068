import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type ProcessExecutor, startProcessExecutor } from '../../src/local/runtime/processExecutor.ts';
import type { EnvironmentSpec, ExecutionEnvironment, ExecutionResult } from '../../src/local/service/execution.ts';

/** A specification of one of the sample functions. */
export function specOf(sample: string, changes: Partial<EnvironmentSpec> = {}): EnvironmentSpec {
  return {
    functionName: 'sample',
    functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sample',
    version: '1',
    runtime: 'nodejs20.x',
    handler: 'index.handler',
    codeFolder: fileURLToPath(new URL(`../../fixtures/functions/${sample}`, import.meta.url)),
    memoryMb: 512,
    timeoutS: 30,
    ephemeralStorageMb: 512,
    architecture: 'x86_64',
    environment: {},
    logGroupName: '/aws/lambda/sample',
    logStreamName: '2026/11/23/sample[1][0123456789abcdef0123456789abcdef]',
    region: 'us-east-1',
    logFormat: 'Text',
    ...changes,
  };
}

let invocations = 0;

export async function invoke(environment: ExecutionEnvironment, event: unknown = {}): Promise<ExecutionResult> {
  invocations += 1;
  return environment.invoke({
    requestId: `00000000-0000-4000-8000-${String(invocations).padStart(12, '0')}`,
    body: Buffer.from(JSON.stringify(event)),
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:sample:1',
    traceId: 'Root=1-6ac7d554-62c6be2f6c1bd8032dac9acf;Sampled=0',
  });
}

export function payloadOf(result: ExecutionResult) {
  return JSON.parse(result.payload.toString());
}

export function executorFor(cgroups: 'auto' | 'off', temporaryFolder = tmpdir()): Promise<ProcessExecutor> {
  return startProcessExecutor({
    cgroups,
    temporaryFolder,
    hostEnvironment: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    execPath: process.execPath,
    pid: process.pid,
  });
}

/** Whether a process still runs (a zombie that nobody has reaped does not count). */
export function isRunning(pid: number, readStat: (path: string) => string): boolean {
  try {
    return !/\) [ZX] /.test(readStat(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}
