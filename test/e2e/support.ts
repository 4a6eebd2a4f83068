import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  type CreateFunctionCommandInput,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import type { Snapshot } from '../../src/local/testing/snapshot.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { tuningResultSchema } from '../../src/model/run.ts';
import { type Lab, settled, startLab } from '../local/lab.ts';

/** The real binary, the real SDK, real HTTP: what a user runs, against the embedded endpoint as if it were AWS. */

export const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = join(root, 'bin', 'tune.js');

export interface Account extends Lab {
  /** Environment variables that lead `tune` here, with a state directory of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly stateFolder: string;
  /** Test conditions on top of "both architectures run, states settle at once, unmarked as tune's own". */
  under(testing: Partial<TestingOptions>): void;
  journals(): Promise<readonly string[]>;
}

/** Values that must never be seen in any output. */
export const canary = 'canary-8f2e-secret';

const asAws = {
  ...settled,
  unmarked: true,
  admission: 'off',
  otherArchitectures: { arm64: { durationFactor: 0.9 } },
} as const satisfies TestingOptions;

export async function openAccount(options: Parameters<typeof startLab>[0] = {}): Promise<Account> {
  const lab = await startLab({ testing: asAws, ...options });
  const stateFolder = await mkdtemp(join(tmpdir(), 'tune-state-'));
  return {
    ...lab,
    stateFolder,
    env: {
      PATH: `${join(process.execPath, '..')}:/usr/local/bin:/usr/bin:/bin`,
      HOME: stateFolder,
      TUNE_STATE_DIR: stateFolder,
      AWS_ENDPOINT_URL: lab.endpoint.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
      AWS_SECRET_ACCESS_KEY: `${canary}-key`,
    },
    under: (testing) => lab.endpoint.setTesting({ ...asAws, ...testing }),
    journals: () => readdir(join(stateFolder, 'journals')).catch(() => []),
    close: async () => {
      await lab.close();
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}

/** A target with everything that must stay as it is: environment, tags, policy, two versions and an alias. */
export async function createOrders(account: Account, members: Partial<CreateFunctionCommandInput> = {}): Promise<void> {
  await account.create({
    FunctionName: 'orders',
    MemorySize: 512,
    Timeout: 5,
    Environment: { Variables: { TABLE: canary } },
    Tags: { team: 'shop' },
    ...members,
  });
  await account.lambda.send(new PublishVersionCommand({ FunctionName: 'orders' }));
  await account.lambda.send(new CreateAliasCommand({ FunctionName: 'orders', Name: 'live', FunctionVersion: '1' }));
  await account.lambda.send(
    new AddPermissionCommand({
      FunctionName: 'orders',
      StatementId: 'events',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
    }),
  );
  // Forgets the calls made so far: what a test counts are the run's.
  account.under({});
}

/** All that a run must leave as it found it. */
export function accountPicture({ functions, logGroups, objects }: Snapshot): unknown {
  return { functions, logGroups, objects };
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
  stdout(): string;
  stderr(): string;
}

/** @param script of bash, which starts the program as `"$@"` */
export function startTune(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = root,
  script = 'exec "$@"',
): Running {
  const program = [process.execPath, binary, ...args];
  const [file = '', ...given] = script === 'exec "$@"' ? program : ['bash', '-c', script, 'bash', ...program];
  const child = spawn(file, given, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    finished,
    kill: (signal) => child.kill(signal),
    stdout: () => stdout,
    stderr: () => stderr,
  };
}

export function runTune(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<Finished> {
  return startTune(args, env, cwd).finished;
}

/** Parsed by the schema that is published: a document that does not follow it fails the test. */
export function savedRun(finished: Finished): TuningResult {
  return tuningResultSchema.parse(JSON.parse(finished.stdout));
}
