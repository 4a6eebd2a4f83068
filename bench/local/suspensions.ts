import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executorFor, invoke, payloadOf, specOf } from '../../test/local/execution.ts';
import { median } from '../figure.ts';
import { inFolder } from './runs.ts';

/** How a loop that never waits is suspended: the longer pauses, what lies between their beginnings, and the share of all time. */
export interface Suspensions {
  readonly memoryMb: number;
  readonly pauseMs: number;
  readonly apartMs: number;
  readonly share: number;
}

/**
 * On Lambda, computed from the published measurements of the SeBS-Flow artifact (github.com/spcl/sebs-flow-artifact,
 * perf-cost/640.selfish-detour/aws/2022/warm_<MB>.csv; thirty runs a size): medians of the pauses of at least 1 ms. At 2,048 MB
 * there are three in thirty runs, which are no quota's.
 */
export const onLambda: readonly Suspensions[] = [
  { memoryMb: 128, pauseMs: 56.0, apartMs: 60.0, share: 0.928 },
  { memoryMb: 256, pauseMs: 16.1, apartMs: 20.0, share: 0.856 },
  { memoryMb: 512, pauseMs: 16.0, apartMs: 20.0, share: 0.712 },
  { memoryMb: 1024, pauseMs: 8.0, apartMs: 20.0, share: 0.422 },
  { memoryMb: 2048, pauseMs: 0, apartMs: 0, share: 0 },
];

/** Looks at the clock for two seconds, and says when it could not: moments before and after, in ms. */
const detourHandler = `export async function handler() {
  const detours = [];
  const startedMs = performance.now();
  let beforeMs = startedMs;
  while (beforeMs - startedMs < 2000) {
    const nowMs = performance.now();
    if (nowMs - beforeMs >= 1) detours.push([beforeMs, nowMs]);
    beforeMs = nowMs;
  }
  return detours;
}
`;

/** The same here. Undefined: no quota can be set. */
export async function suspensionsHere(): Promise<readonly Suspensions[] | undefined> {
  return inFolder(async (folder) => {
    await writeFile(join(folder, 'index.mjs'), detourHandler);
    const executor = await executorFor('auto');
    try {
      if (executor.cpu !== 'cgroup') return undefined;
      const found: Suspensions[] = [];
      for (const { memoryMb } of onLambda) {
        const environment = await executor.start(specOf('cpu-node', { codeFolder: folder, memoryMb }));
        await invoke(environment);
        found.push(suspensionsOf(memoryMb, payloadOf(await invoke(environment))));
        await environment.stop();
      }
      return found;
    } finally {
      await executor.close();
    }
  });
}

function suspensionsOf(memoryMb: number, detours: readonly (readonly [number, number])[]): Suspensions {
  if (detours.length < 2) return { memoryMb, pauseMs: 0, apartMs: 0, share: 0 };
  const pauses = detours.map(([from, to]) => to - from);
  const apart = detours.slice(1).map(([from], index) => from - (detours[index]?.[0] ?? from));
  // Whole rounds of running and standing still, so that neither end of the two seconds counts.
  const wholeMs = apart.reduce((sum, one) => sum + one, 0);
  const pausedMs = pauses.slice(0, -1).reduce((sum, one) => sum + one, 0);
  return { memoryMb, pauseMs: median(pauses), apartMs: median(apart), share: pausedMs / wholeMs };
}
