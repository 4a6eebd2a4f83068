import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { executorFor, invoke, payloadOf, specOf } from '../../test/local/execution.ts';
import { median } from '../figure.ts';

const program = fileURLToPath(new URL('../../bin/tune.js', import.meta.url));

/** Some 60 ms at full speed. */
const payload = JSON.stringify({ iterations: 100_000 });

const timedHandler = `import { pbkdf2Sync } from 'node:crypto';
export async function handler() {
  const startedMs = performance.now();
  pbkdf2Sync('tune', 'salt', 20_000, 32, 'sha256');
  return performance.now() - startedMs;
}
`;

/** Calls whose duration, by the clock, is below what the function itself saw pass. */
export async function impossiblyShort(): Promise<{ readonly calls: number; readonly short: number }> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'index.mjs'), timedHandler);
    const executor = await executorFor('auto');
    try {
      const environment = await executor.start(specOf('cpu-node', { codeFolder: folder, memoryMb: 1769 }));
      const calls = 60;
      let short = 0;
      for (let call = 0; call < calls; call += 1) {
        const result = await invoke(environment);
        if (result.rawDurationMs < Number(payloadOf(result))) short += 1;
      }
      return { calls, short };
    } finally {
      await executor.close();
    }
  });
}

interface SavedRow {
  readonly memoryMb: number;
  readonly warm?: {
    readonly durationMs: { readonly mean: number };
    readonly rawDurationMs?: { readonly mean: number };
  };
  readonly measurements: readonly {
    readonly start?: string;
    readonly pace?: {
      readonly cpuMs: number;
      readonly referenceMs: number;
      readonly error: number;
      readonly calm?: { readonly referenceMs: number };
    };
  }[];
}

export interface SavedRun {
  readonly configurations: readonly SavedRow[];
  readonly answer: { readonly kind: string; readonly because?: string };
}

/** Two runs of one folder: by how much their mean durations differ at most, over the sizes. */
export interface PairApart {
  readonly first: number;
  readonly second: number;
  readonly unloaded: number;
  readonly raw: number;
}

export interface Repeated {
  /** Of the runs that gave figures to decide by. */
  readonly pairs: readonly PairApart[];
  /** Runs that said that the machine was never calm, and gave no verdict. */
  readonly neverCalm: number;
  /** Of each run: how many times as long as in calm moments the reference took, by the level of earlier runs; the first knows none. */
  readonly slowness: readonly (number | undefined)[];
}

/** Which state a run finds: of a machine that earlier runs have met in calm moments, or of one that is new to the program. */
export type Knowing = 'known' | 'new';

export interface Repeating {
  readonly count: number;
  readonly knowing: Knowing;
  readonly onDone: (done: number) => void;
}

/** What the runs before the busy loops leave of the machine: its calm pace, which every later run with this state knows. */
export async function meetMachine(folder: string, count: number): Promise<void> {
  const function_ = await copyOf('cpu-node', folder, 'met');
  for (let done = 0; done < count; done += 1) await sweep(folder, function_, stateOf(folder));
}

/** One more run of what the machine was met with, asked otherwise. Its saved run. */
export async function meetFolder(folder: string, asked: readonly string[]): Promise<string> {
  return tune(folder, ['--function', './met', ...asked]);
}

/** Runs of one folder, one after the other, as a user makes them: what one learns of the machine the next one knows, if it is `known`. */
export async function repeated(folder: string, { count, knowing, onDone }: Repeating): Promise<Repeated> {
  const function_ = await copyOf('cpu-node', folder, 'repeated');
  const runs: SavedRun[] = [];
  for (let done = 1; done <= count; done += 1) {
    runs.push(await sweep(folder, function_, knowing === 'known' ? stateOf(folder) : join(folder, `new-${done}`)));
    onDone(done);
  }
  const decided = runs.flatMap((run, index) => (run.answer.because === 'hostNeverCalm' ? [] : [{ run, index }]));
  return {
    pairs: decided.flatMap((one, place) => decided.slice(place + 1).map((other) => pairOf(one, other))),
    neverCalm: runs.length - decided.length,
    slowness: runs.map(slownessOf),
  };
}

async function sweep(folder: string, function_: string, state: string): Promise<SavedRun> {
  const asked = ['--function', function_, '--memory', '512,1024,1769', '--payload', payload, '--json'];
  return JSON.parse(await tune(folder, asked, state)) as SavedRun;
}

function stateOf(folder: string): string {
  return join(folder, 'state');
}

interface NumberedRun {
  readonly run: SavedRun;
  readonly index: number;
}

function pairOf(one: NumberedRun, other: NumberedRun): PairApart {
  const apart = (of: (warm: NonNullable<SavedRow['warm']>) => number | undefined) =>
    Math.max(
      ...one.run.configurations.flatMap(({ memoryMb, warm }) => {
        const beside = other.run.configurations.find(
          (row) => row.memoryMb === memoryMb && row.warm !== undefined,
        )?.warm;
        if (warm === undefined || beside === undefined) return [];
        return [Math.abs(Math.log((of(beside) ?? Number.NaN) / (of(warm) ?? Number.NaN)))];
      }),
    );
  return {
    first: one.index + 1,
    second: other.index + 1,
    unloaded: Math.expm1(apart(({ durationMs }) => durationMs.mean)),
    raw: Math.expm1(apart(({ rawDurationMs }) => rawDurationMs?.mean)),
  };
}

function slownessOf({ configurations }: SavedRun): number | undefined {
  const paces = configurations.flatMap(({ measurements }) => measurements.flatMap(({ pace }) => pace ?? []));
  const calmMs = paces.find(({ calm }) => calm !== undefined)?.calm?.referenceMs;
  return calmMs === undefined ? undefined : median(paces.map(({ referenceMs }) => referenceMs)) / calmMs;
}

/** Verdicts of `tune check` on two copies of one folder. */
export async function checks(
  folder: string,
  count: number,
  onDone: (done: number) => void,
): Promise<readonly string[]> {
  const [one, other] = [await copyOf('cpu-node', folder, 'one'), await copyOf('cpu-node', folder, 'other')];
  const verdicts: string[] = [];
  for (let done = 1; done <= count; done += 1) {
    const text = await tune(folder, ['check', '--function', one, '--against', other, '--payload', payload, '--json']);
    verdicts.push((JSON.parse(text) as { readonly verdict: string }).verdict);
    onDone(done);
  }
  return verdicts;
}

export async function tune(folder: string, args: readonly string[], state = stateOf(folder)): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: state };
  const options = { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  try {
    return (await promisify(execFile)(process.execPath, [program, ...args], options)).stdout;
  } catch (error) {
    // Verdicts have exit codes of their own.
    const { stdout } = error as { readonly stdout?: string };
    if (stdout === undefined || stdout === '') throw error;
    return stdout;
  }
}

async function copyOf(sample: string, folder: string, name: string): Promise<string> {
  const to = join(folder, name);
  await cp(fileURLToPath(new URL(`../../fixtures/functions/${sample}`, import.meta.url)), to, { recursive: true });
  return `./${name}`;
}

export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'tune-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
