import { calmOnes } from '../../src/analysis/machine/contention.ts';
import { parseSavedRun } from '../../src/documents/savedDocument.ts';
import { type Scatter, scatters } from '../cpuShare.ts';
import { meetFolder } from './runs.ts';

export interface SizeFigures {
  readonly memoryMb: number;
  /** As a run shows them. */
  readonly unloaded: Scatter;
  /** Without what the kernel counted as waiting for a core, slow cores as they were. */
  readonly counted: Scatter;
  /** By the clock. */
  readonly raw: Scatter;
}

/** Some 140 ms at full speed: seven periods of the quota at 1,769 MB, some hundred at 128 MB. */
const payload = JSON.stringify({ iterations: 500_000 });

/** The same work at four sizes, in a run of the program that knows what the runs before the busy loops found. */
export async function sizeFigures(folder: string): Promise<readonly SizeFigures[]> {
  const text = await meetFolder(folder, ['--memory', '128,512,1024,1769', '--payload', payload, '--json']);
  const rows = parseSavedRun(text, 'the run').configurations.flatMap(({ memoryMb, measurements }) => {
    const warm = measurements.flatMap((call) =>
      call.outcome === 'succeeded' && call.start === 'warm' && call.pace !== undefined
        ? [{ call, countedMs: call.pace.countedMs, rawMs: call.rawDurationMs ?? Number.NaN }]
        : [],
    );
    return warm.length === 0 ? [] : [{ memoryMb, warm }];
  });
  const inOrder = rows.toSorted((one, other) => one.memoryMb - other.memoryMb);
  const of = (durations: (row: (typeof rows)[number]) => readonly number[]) =>
    scatters(inOrder.map((row) => ({ memoryMb: row.memoryMb, durations: durations(row) })));
  const unloaded = of(({ warm }) => calmOnes(warm.map(({ call }) => call)).map(({ durationMs }) => durationMs));
  const counted = of(({ warm }) => warm.map(({ countedMs }) => countedMs));
  const raw = of(({ warm }) => warm.map(({ rawMs }) => rawMs));
  return inOrder.flatMap(({ memoryMb }, at) => {
    const [ours, theirs, clocks] = [unloaded[at], counted[at], raw[at]];
    if (ours === undefined || theirs === undefined || clocks === undefined) return [];
    return [{ memoryMb, unloaded: ours, counted: theirs, raw: clocks }];
  });
}
