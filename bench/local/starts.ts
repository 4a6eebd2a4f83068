import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executorFor, invoke, payloadOf, specOf } from '../../test/local/execution.ts';
import { median } from '../figure.ts';
import { inFolder } from './runs.ts';

/** Medians in ms, all by the clock: waiting for a core is in each of them alike. */
export interface StartFigures {
  readonly starts: number;
  /** From asking for an environment until it is ready. */
  readonly wholeMs: number;
  /** Of it, until the runtime's process runs; what this itself took; and from then until the environment is called ready. */
  readonly beforeMs: number;
  readonly runtimeMs: number;
  readonly afterMs: number;
  /** `beforeMs` and `afterMs`. */
  readonly aboveMs: number;
  /** `node -e 0` in between: what a start of any program is at that moment. */
  readonly bareMs: number;
}

/** When the runtime's process began, and when it had loaded the function, by its own clock. */
const timedHandler = `const times = [performance.timeOrigin, performance.timeOrigin + performance.now()];
export async function handler() {
  return times;
}
`;

/**
 * One environment after the other: of one folder, whose next environment is made ahead, or each the first of a folder of its own. The
 * first of all is left out: it finds the runtime.
 */
export async function starts(of: 'one folder' | 'folders of their own', count = 15): Promise<StartFigures> {
  return inFolder(async (folder) => {
    const executor = await executorFor('auto');
    try {
      const all: Omit<StartFigures, 'starts'>[] = [];
      for (let start = 0; start <= count; start += 1) {
        const codeFolder = of === 'one folder' ? folder : join(folder, String(start));
        await mkdir(codeFolder, { recursive: true });
        if (of !== 'one folder' || start === 0) await writeFile(join(codeFolder, 'index.mjs'), timedHandler);
        const askedMs = nowMs();
        const environment = await executor.start(specOf('cpu-node', { codeFolder, memoryMb: 1769 }));
        const readyMs = nowMs();
        const [beganMs, loadedMs] = payloadOf(await invoke(environment)) as readonly [number, number];
        await environment.stop();
        const bareAtMs = nowMs();
        execFileSync(process.execPath, ['-e', '0']);
        const bareMs = nowMs() - bareAtMs;
        const [wholeMs, beforeMs, runtimeMs] = [readyMs - askedMs, beganMs - askedMs, loadedMs - beganMs];
        const [afterMs, aboveMs] = [readyMs - loadedMs, wholeMs - runtimeMs];
        if (start > 0) all.push({ wholeMs, beforeMs, runtimeMs, afterMs, aboveMs, bareMs });
      }
      const middle = (of: (one: Omit<StartFigures, 'starts'>) => number): number => median(all.map(of));
      return {
        starts: count,
        wholeMs: middle(({ wholeMs }) => wholeMs),
        beforeMs: middle(({ beforeMs }) => beforeMs),
        runtimeMs: middle(({ runtimeMs }) => runtimeMs),
        afterMs: middle(({ afterMs }) => afterMs),
        aboveMs: middle(({ aboveMs }) => aboveMs),
        bareMs: middle(({ bareMs }) => bareMs),
      };
    } finally {
      await executor.close();
    }
  });
}

/** As `performance.timeOrigin` of another process. */
function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
