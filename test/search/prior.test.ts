import { describe, expect, it } from 'vitest';
import type { Prior } from '../../src/model/production/prior.ts';
import { priorOf } from '../../src/plan/priorOf.ts';
import type { Curve } from './simulated.ts';
import { cpuBound, play, waiting, x86 } from './simulated.ts';

const told: Prior = {
  memoryMb: 1024,
  architecture: 'x86_64',
  durationMs: 172.75,
  cpuMs: { estimate: 100, low: 97, high: 103 },
  cv: 0.03,
  coldRatio: 1.2,
  usedMb: 90,
};

function touched(curve: Curve, prior?: Prior) {
  const { measured, outcome, calls } = play(curve, { prior, pinned: [x86(1024)] });
  return {
    sizes: measured.map(({ configuration }) => configuration.memoryMb).sort((one, other) => one - other),
    best: outcome.answers[0]?.best.memoryMb,
    notCalled: outcome.notCalled,
    calls,
  };
}

describe('what production told', () => {
  it('lets the race end sooner where the processor does all the work', () => {
    expect(touched({ warmMs: cpuBound(100, 1) }).sizes).toEqual([128, 256, 512, 1024, 1769, 3008]);
    expect(touched({ warmMs: cpuBound(100, 1) }, told).sizes).toEqual([128, 256, 512, 1024, 1769]);
  });

  it('lets it call no size that is surely dearer', () => {
    const waits: Prior = { ...told, durationMs: 400, cpuMs: { estimate: 10, low: 9, high: 11 } };
    expect(touched({ warmMs: waiting(400) })).toMatchObject({ sizes: [128, 256, 1024], best: 128 });
    expect(touched({ warmMs: waiting(400) }, waits)).toMatchObject({ sizes: [128, 1024], best: 128 });
  });

  it('says of a size that was not called that production speaks against it', () => {
    const prior = { ...told, usedMb: 300 };
    const { notCalled, sizes } = touched({ warmMs: cpuBound(100, 1) }, prior);
    expect(sizes).not.toContain(128);
    expect(notCalled.find(({ configuration }) => configuration.memoryMb === 128)).toMatchObject({
      reason: 'prior',
      text: 'in production it used up to 300 MB',
    });
  });

  it('says what a size was compared with that is surely dearer', () => {
    const waits: Prior = { ...told, durationMs: 400, cpuMs: { estimate: 10, low: 9, high: 11 } };
    const { notCalled } = touched({ warmMs: waiting(400) }, waits);
    expect(notCalled.map(({ text }) => text)[0]).toBe('by its processor time in production it is dearer than 128 MB');
  });

  it('is not believed where what is measured says otherwise', () => {
    // Production is said to compute all the time, and it waits: the climb would begin at the largest sizes.
    const wrong: Prior = { ...told, cpuMs: { estimate: 316, low: 310, high: 320 } };
    const { best } = touched({ warmMs: () => 400 }, wrong);
    expect(best).toBe(128);
  });
});

describe('an observation', () => {
  const row = { durationMs: { p50: 100 }, initMs: { p50: 250 }, maxMemoryUsedMb: 91 };
  const today = { memoryMb: 512, architecture: 'arm64' as const };

  it('tells scatter, cold starts and memory of today’s setting', () => {
    const durationQuantilesMs = Array.from({ length: 99 }, (_, index) => ({
      share: (index + 1) / 100,
      ms: index < 49 ? 90 : index === 49 ? 100 : 110,
    }));
    const prior = priorOf({
      current: today,
      versions: [{ ...today, ...row }],
      traffic: { durationQuantilesMs },
      cpuMs: { estimate: 40, low: 38, high: 42 },
    });
    expect(prior).toMatchObject({
      memoryMb: 512,
      durationMs: 100,
      coldRatio: 3.5,
      usedMb: 91,
      cpuMs: { estimate: 40 },
    });
    expect(prior?.cv).toBeCloseTo(0.1, 2);
  });

  it('of another setting tells nothing, and quantiles of several sizes tell no scatter', () => {
    expect(priorOf({ current: today, versions: [{ ...today, ...row, memoryMb: 256 }] })).toBeUndefined();
    const versions = [
      { ...today, ...row, memoryMb: 256, maxMemoryUsedMb: 200 },
      { ...today, ...row },
    ];
    const traffic = { durationQuantilesMs: Array.from({ length: 99 }, (_, at) => ({ share: (at + 1) / 100, ms: at })) };
    expect(priorOf({ current: today, versions, traffic })).toEqual({
      memoryMb: 512,
      architecture: 'arm64',
      durationMs: 100,
      cpuMs: undefined,
      cv: undefined,
      coldRatio: 3.5,
      usedMb: 91,
    });
  });
});
