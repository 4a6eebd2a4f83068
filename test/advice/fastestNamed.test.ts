import { describe, expect, it } from 'vitest';
import { comparedRun } from '../../src/advice/comparedRun.ts';
import { differenceIn } from '../../src/analysis/choices.ts';
import { runReporters } from '../../src/reporters/registry.ts';
import { simulatedRun, type Truth } from './simulatedRun.ts';
import { candidateAt } from './truths.ts';

/** Once "Fastest: the same, 512 MB: 30.3 ms" stood two lines below "1,769 MB is the fastest (9.97 ms)" in 8 of 10 runs. */
const truth = {
  meanMs: ({ memoryMb }, payload) => (payload === 'big' ? 25 : 1) * (1 + (2 * 1769) / Math.min(memoryMb, 1769)),
  payloads: [
    { name: 'small', weight: 3 },
    { name: 'big', weight: 1 },
  ],
  current: { memoryMb: 512, architecture: 'x86_64' },
} as const satisfies Truth;

const as = (memoryMb: number) => memoryMb.toLocaleString('en');

/** How many of the runs name what others have a lower mean than. */
function judge(noise: Partial<Truth>, runs: number): number {
  let beaten = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const run = simulatedRun({ ...truth, ...noise }, seed);
    const { candidates, judgement } = comparedRun(run);
    if (run.fastest === null) throw new Error('it was measured');
    const named = candidateAt(candidates, run.fastest);
    const faster = candidates.filter(({ durationMs }) => durationMs < named.durationMs);
    if (faster.length === 0) continue;
    beaten += 1;
    const text = runReporters.table(run, { columns: 110, color: false });
    const line = /\nFastest .*?\nCurrent /s.exec(text)?.[0].replace(/\s+/g, ' ') ?? '';
    expect(line).toContain(as(named.configuration.memoryMb));
    for (const one of faster) {
      expect(differenceIn('durations', one, named, judgement).kind).toBe('equal');
      expect(/Equal to it within 3 %: ([^.]*)\./.exec(line)?.[1]).toContain(as(one.configuration.memoryMb));
    }
  }
  return beaten;
}

describe('what is named the fastest, of two payloads of unequal size with ten calls', () => {
  it('has the lowest mean where calls scatter as recorded ones do', { timeout: 120_000 }, () => {
    expect(judge({ withinCv: 0.12, betweenCv: 0.03, outliers: { share: 0.03, times: 3 } }, 40)).toBe(0);
  });

  it('is told apart as equal to what has, and the text says so, where they hardly scatter', {
    timeout: 120_000,
  }, () => {
    expect(judge({ withinCv: 0.002, betweenCv: 0.0005, calls: 40, environments: 4 }, 15)).toBeGreaterThan(3);
  });
});
