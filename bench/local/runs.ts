import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { executorFor, invoke, payloadOf, specOf } from '../../test/local/execution.ts';

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
}

/** Of two runs of the same folder: by how much their mean durations differ at most, over the sizes. */
export async function twoRuns(): Promise<{ readonly apart: number; readonly rawApart: number; readonly note: string }> {
  return inFolder(async (folder) => {
    const function_ = await copyOf('cpu-node', folder, 'one');
    const run = async () => {
      const { configurations } = JSON.parse(
        await tune(folder, ['--function', function_, '--memory', '512,1024,1769', '--payload', payload, '--json']),
      ) as { readonly configurations: readonly SavedRow[] };
      return configurations.filter(({ warm }) => warm !== undefined);
    };
    const [first, second] = [await run(), await run()];
    const ratios = first.map(({ memoryMb, warm }) => {
      const other = second.find((row) => row.memoryMb === memoryMb)?.warm;
      const of = (figure: (row: NonNullable<SavedRow['warm']>) => number | undefined) =>
        warm === undefined || other === undefined
          ? Number.NaN
          : Math.abs((figure(other) ?? 0) / (figure(warm) ?? 0) - 1);
      return { memoryMb, unloaded: of((row) => row.durationMs.mean), raw: of((row) => row.rawDurationMs?.mean) };
    });
    const note = ratios
      .map(({ memoryMb, raw }) => `${memoryMb} MB by the clock ${(100 * raw).toFixed(1)} %`)
      .join(', ');
    return {
      apart: Math.max(...ratios.map(({ unloaded }) => unloaded)),
      rawApart: Math.max(...ratios.map(({ raw }) => raw)),
      note,
    };
  });
}

/** Verdicts of `tune check` on two copies of one folder. */
export async function checks(count: number, onDone: (done: number) => void): Promise<readonly string[]> {
  return inFolder(async (folder) => {
    const [one, other] = [await copyOf('cpu-node', folder, 'one'), await copyOf('cpu-node', folder, 'other')];
    const verdicts: string[] = [];
    for (let done = 1; done <= count; done += 1) {
      const text = await tune(folder, ['check', '--function', one, '--against', other, '--payload', payload, '--json']);
      verdicts.push((JSON.parse(text) as { readonly verdict: string }).verdict);
      onDone(done);
    }
    return verdicts;
  });
}

async function tune(folder: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, TUNE_STATE_DIR: join(folder, 'state') };
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
