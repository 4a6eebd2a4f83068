import { execFileSync } from 'node:child_process';
import { executorFor, invoke, specOf } from '../../test/local/execution.ts';
import { median } from '../figure.ts';

export interface StartFigures {
  readonly starts: number;
  /** Medians, in ms: from asking for an environment until it is ready, and what of it the runtime itself took. */
  readonly wholeMs: number;
  readonly initMs: number;
  readonly aboveMs: number;
  /** `node -e 0` in between: what a start of any program is at that moment. */
  readonly bareMs: number;
}

/** One environment after the other. The first one is left out: it finds the runtime. */
export async function starts(count = 15): Promise<StartFigures> {
  const executor = await executorFor('auto');
  try {
    const all: { readonly wholeMs: number; readonly initMs: number; readonly bareMs: number }[] = [];
    for (let start = 0; start <= count; start += 1) {
      const askedMs = performance.now();
      const environment = await executor.start(specOf('cpu-node', { memoryMb: 1769 }));
      const wholeMs = performance.now() - askedMs;
      const { initDurationMs = 0 } = await invoke(environment, { iterations: 1 });
      await environment.stop();
      const bareAtMs = performance.now();
      execFileSync(process.execPath, ['-e', '0']);
      const bareMs = performance.now() - bareAtMs;
      if (start > 0) all.push({ wholeMs, initMs: initDurationMs, bareMs });
    }
    return {
      starts: count,
      wholeMs: median(all.map((one) => one.wholeMs)),
      initMs: median(all.map((one) => one.initMs)),
      aboveMs: median(all.map((one) => one.wholeMs - one.initMs)),
      bareMs: median(all.map((one) => one.bareMs)),
    };
  } finally {
    await executor.close();
  }
}
