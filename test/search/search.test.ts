import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/model/measurement.ts';
import { estimatesOf } from '../../src/search/estimate.ts';
import { climb } from '../../src/search/ladder.ts';
import { efforts } from '../../src/search/options.ts';
import { search } from '../../src/search/search.ts';
import { normalDraw } from '../normalDraw.ts';
import { arm, type Curve, cpuBound, defaults, leastUsd, play, waiting, x86 } from './simulated.ts';

/** Warm calls of one environment that cost 1 nUS$ a millisecond. */
function called(memoryMb: number, ms: readonly number[]) {
  const measurements = ms.map(
    (durationMs): Measurement => ({
      requestId: '',
      startedAt: '',
      environment: '0',
      start: 'warm',
      outcome: 'succeeded',
      durationMs,
      billedDurationMs: durationMs,
      maxMemoryUsedMb: 0,
      costUsd: durationMs * 1e-9,
    }),
  );
  return { configuration: x86(memoryMb), environments: 1, measurements };
}

describe('search for the cheapest size', () => {
  it('of a function that only waits is the smallest, and the ladder is closed by the next rung', () => {
    const { outcome, measured } = play({ warmMs: waiting(200) });
    expect(outcome.answers[0]?.best).toEqual(x86(128));
    expect(outcome.answers[0]?.ended).toBe('separated');
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toEqual([128, 256]);
    expect(outcome.notCalled.map(({ configuration }) => configuration.memoryMb)).toEqual([
      512, 1024, 1769, 3008, 4096, 6144, 8192, 10_240,
    ]);
    expect(outcome.notCalled[0]?.text).toMatch(/^already \d+ % dearer at 256 MB than at 128 MB on x86_64$/);
    expect(outcome.texts).toEqual([
      '128 MB on x86_64 is the cheapest; everything else that was measured is surely worse',
    ]);
  });

  it('finds the bottom of a U', () => {
    const factor: Record<number, number> = { 128: 1.6, 256: 1.25, 512: 1, 1024: 1.2, 1769: 1.5 };
    const warmMs = ({ memoryMb }: { memoryMb: number }) => ((factor[memoryMb] ?? 2) * 100_000) / memoryMb;
    const { outcome, measured } = play({ warmMs });
    expect(outcome.answers[0]?.best).toEqual(x86(512));
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toEqual([128, 256, 512, 1024]);
  });

  it('of a single thread of computing is any size up to one vCPU: the tie is named and the fastest of it pointed out', () => {
    const { outcome } = play({ warmMs: cpuBound(100, 1) });
    const [answer] = outcome.answers;
    expect(answer?.ended).toBe('withinTolerance');
    const group = [answer?.best, ...(answer?.tied ?? [])].map((one) => one?.memoryMb).sort((a = 0, b = 0) => a - b);
    expect(group).toEqual([128, 256, 512, 1024, 1769]);
    if (answer?.best.memoryMb !== 1769) expect(answer?.fastestOfTied?.configuration).toEqual(x86(1769));
    expect(outcome.notCalled.map(({ configuration }) => configuration.memoryMb)).toEqual([4096, 6144, 8192, 10_240]);
  });

  it('goes on to 3,008 MB where two threads make it worth it', () => {
    const { outcome } = play({ warmMs: cpuBound(100, 2) });
    const answer = outcome.answers[0];
    const group = [answer?.best, ...(answer?.tied ?? [])].map((one) => one?.memoryMb);
    expect(group).toContain(3008);
    expect(outcome.notCalled.map(({ configuration }) => configuration.memoryMb)).toEqual([6144, 8192, 10_240]);
  });

  it('is not misled by the other architecture where the cost still falls steeply', () => {
    // As recorded: x86_64 takes 2,226 ms at 512 MB and 770 at 1,024, arm64 is cheaper than the former throughout.
    const x86Ms: Record<number, number> = { 512: 2226, 1024: 770, 2048: 640 };
    const armMs: Record<number, number> = { 512: 2050, 1024: 1000, 2048: 577 };
    const { outcome } = play(
      {
        warmMs: ({ memoryMb, architecture }) => (architecture === 'arm64' ? armMs : x86Ms)[memoryMb] ?? Number.NaN,
        initMs: 0,
      },
      { ladders: { x86_64: [512, 1024, 2048], arm64: [512, 1024, 2048] } },
    );
    expect(outcome.answers[0]?.best).toEqual(x86(1024));
  });

  it('skips a size that fails and climbs on', () => {
    const { outcome, measured } = play({
      warmMs: waiting(300),
      fails: ({ memoryMb }) => memoryMb <= 256,
    });
    expect(outcome.answers[0]?.best).toEqual(x86(512));
    expect(measured.filter(({ infeasible }) => infeasible).map(({ configuration }) => configuration.memoryMb)).toEqual([
      128, 256,
    ]);
  });

  it('says so when nothing works', () => {
    const { outcome } = play({ warmMs: waiting(300), fails: () => true });
    expect(outcome.reason).toBe('nothingMeasured');
    expect(outcome.texts).toEqual(['no size gave a successful warm call']);
    expect(outcome.answers).toEqual([]);
  });

  it('gives up on a size that never answers without ever being declared infeasible', () => {
    const unreported = Array.from({ length: 9 }, () => ({
      requestId: 'r',
      startedAt: '2026-11-01T00:00:00.000Z',
      environment: 'e',
      start: 'warm' as const,
      outcome: 'unreported' as const,
      reason: 'no REPORT',
    }));
    const next = search([{ configuration: x86(128), measurements: unreported, environments: 1 }], {
      ...defaults,
      ladders: { x86_64: [128, 256] },
    });
    expect(next.kind === 'measure' && next.steps).toEqual([
      { configuration: x86(256), environment: 0, invocations: 3 },
    ]);
  });

  it('does not name a winner by one stall among a few calls', () => {
    let calls = 0;
    const { outcome } = play({
      warmMs: ({ memoryMb }, random) => {
        calls += 1;
        const stalls = memoryMb === 128 && calls === 3;
        return stalls ? 20_000 : (memoryMb === 128 ? 800 : 480) * (1 + 0.02 * normalDraw(random));
      },
    });
    expect(outcome.answers[0]?.best).toEqual(x86(128));
  });

  it('takes a call of five medians for one of two: stalls decide no race, and what they cost stands in the report', () => {
    const [stalled, calm] = estimatesOf(
      [called(128, [100, 100, 100, 500]), called(256, [130, 130, 130, 130])],
      'cheapest',
      {},
    );
    expect(stalled?.centre).toBeCloseTo(125e-9, 15);
    expect(calm?.centre).toBeCloseTo(130e-9, 15);
  });

  it('climbs on from a size that is a little dearer, also once it was called often', () => {
    const measured = [100, 104].map((ms, index) =>
      called(
        128 * 2 ** index,
        Array.from({ length: 12 }, () => ms),
      ),
    );
    const estimates = estimatesOf(measured, 'cheapest', {});
    const { next, closed } = climb(
      { architecture: 'x86_64' },
      'cheapest',
      estimates,
      measured,
      defaults,
      efforts.default,
    );
    expect(next?.configuration).toEqual(x86(512));
    expect(closed).toBeUndefined();
  });

  it('ends a race that noise cannot decide at its cap, and names what may still be better', () => {
    const { outcome, measured } = play(
      { warmMs: ({ memoryMb }, random) => (100_000 / memoryMb) * Math.max(0.1, 1 + 0.5 * normalDraw(random)) },
      { ladders: { x86_64: [128, 256, 512] }, effort: 'quick' },
      2,
    );
    const [answer] = outcome.answers;
    expect(answer?.ended).toBe('cap');
    expect(answer?.unresolved.length).toBeGreaterThan(0);
    expect(outcome.texts[0]).toContain('may still be better by more than 3 %');
    for (const { measurements } of measured) expect(measurements.length).toBeLessThan(60);
  });

  it('takes dear cold starts into account: a step that saved little is the last one', () => {
    const curve: Record<number, number> = { 128: 100, 256: 49, 512: 24.2, 1024: 12, 1769: 6.9, 3008: 4 };
    const warmMs = ({ memoryMb }: { memoryMb: number }) => (curve[memoryMb] ?? 3) * 10;
    const cheap = play({ warmMs, initMs: 0 });
    const dear = play({ warmMs, initMs: 60_000 });
    expect(cheap.measured.length).toBeGreaterThan(dear.measured.length);
    expect(dear.measured.map(({ configuration }) => configuration.memoryMb)).toEqual([128, 256]);
    expect(dear.outcome.notCalled[0]?.text).toMatch(
      /^only 1\.8 % cheaper at 256 MB than at 128 MB on x86_64, and trying another size costs a cold start worth \d+ warm calls$/,
    );
  });
});

describe('a function of a few milliseconds', () => {
  it('is not tried at sizes whose request and one millisecond alone cost about as much', () => {
    const { outcome, measured } = play({ warmMs: () => 2 }, { leastUsd });
    expect(outcome.answers[0]?.best).toEqual(x86(128));
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toEqual([128]);
    expect(outcome.notCalled).toHaveLength(9);
    expect(outcome.notCalled[0]?.text).toBe(
      'the request and one millisecond at 256 MB alone cost as much as a call of 128 MB on x86_64',
    );
  });

  it('is tried where more than the tolerance may still be saved, and no further', () => {
    const { outcome, measured } = play(
      { warmMs: ({ memoryMb }) => (memoryMb === 128 ? 20 : 3), initMs: 0 },
      { leastUsd },
    );
    expect(outcome.answers[0]?.best).toEqual(x86(256));
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toEqual([128, 256]);
    expect(outcome.notCalled[0]?.text).toBe(
      'the request and one millisecond at 512 MB alone cost only 2.0 % less than a call of 256 MB on x86_64',
    );
  });

  it('is climbed as any other where the fastest is asked for', () => {
    const warmMs = ({ memoryMb }: { memoryMb: number }) => 5120 / memoryMb;
    const { measured } = play({ warmMs }, { leastUsd, goal: 'fastest', ladders: { x86_64: [128, 256, 512] } });
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toContain(256);
  });
});

describe('environments', () => {
  it('are opened neither in the race nor for its winner where a cold start costs more than five warm calls', () => {
    const noisy: Curve = {
      warmMs: ({ memoryMb }, random) => (100_000 / memoryMb) * Math.exp(0.5 * normalDraw(random)),
      initMs: 20_000,
    };
    const { measured } = play(noisy, { pinned: [x86(128), x86(256)], ladders: {} });
    expect(Math.max(...measured.map(({ measurements }) => measurements.length))).toBeGreaterThan(40);
    expect(measured.map(({ environments }) => environments)).toEqual([1, 1]);
  });

  it('never names a winner from one environment', () => {
    const { outcome, measured, rounds } = play({ warmMs: waiting(200) });
    const winner = measured.find(({ configuration }) => configuration.memoryMb === outcome.answers[0]?.best.memoryMb);
    expect(winner?.environments).toBe(2);
    expect(rounds.at(-1)?.phase).toBe('check');
    expect(measured.filter(({ environments }) => environments === 1).map(({ configuration }) => configuration)).toEqual(
      [x86(256)],
    );
  });

  it('goes on with the race when a second environment dethrones the winner', () => {
    // 256 MB is 7 % cheaper on its first host and 40 % dearer on every other one.
    const { outcome, measured, rounds } = play(
      {
        warmMs: ({ memoryMb }, _, environment) => (memoryMb === 128 ? 400 : environment === 0 ? 186 : 280),
        initMs: 0,
      },
      { ladders: { x86_64: [128, 256] } },
    );
    expect(rounds.map(({ phase }) => phase)).toContain('check');
    expect(measured.map(({ environments }) => environments)).toEqual([2, 2]);
    expect(outcome.answers[0]?.best).toEqual(x86(128));
  });

  it('needs one only where all run on one machine', () => {
    const { measured } = play({ warmMs: waiting(200) }, { environments: 1 });
    expect(measured.map(({ environments }) => environments)).toEqual([1, 1]);
  });
});

describe('the current setting', () => {
  it('is measured in the first round, on or off the ladder, and closes nothing below it', () => {
    const { rounds, outcome, measured } = play({ warmMs: waiting(200) }, { pinned: [x86(640)] });
    expect(rounds[0]?.steps.map(({ configuration }) => configuration.memoryMb).sort()).toEqual([128, 640]);
    expect(outcome.answers[0]?.best).toEqual(x86(128));
    expect(measured.map(({ configuration }) => configuration.memoryMb).sort((a, b) => a - b)).toEqual([128, 256, 640]);
  });

  it('that is the best does not keep the climb from reaching it', () => {
    const { outcome } = play({ warmMs: cpuBound(400, 1) }, { pinned: [x86(1024)] });
    const answer = outcome.answers[0];
    expect([answer?.best, ...(answer?.tied ?? [])].map((one) => one?.memoryMb)).toContain(256);
  });

  it('of an architecture that is not asked for is measured all the same', () => {
    const { measured } = play({ warmMs: waiting(200) }, { ladders: { arm64: [128, 256] }, pinned: [x86(512)] });
    expect(measured.map(({ configuration }) => configuration)).toContainEqual(x86(512));
  });

  it('a list is raced by pinning it: every size is called', () => {
    const pinned = [x86(128), x86(1024), x86(3008), arm(512)];
    const { measured, outcome } = play({ warmMs: waiting(200) }, { ladders: {}, pinned });
    expect(measured).toHaveLength(4);
    expect(outcome.notCalled).toEqual([]);
    expect(outcome.answers[0]?.best).toEqual(x86(128));
  });
});

describe('goals', () => {
  it('fastest: comes down from the largest size and ties the cheapest of those that are as fast', () => {
    const { outcome, measured } = play({ warmMs: cpuBound(1000, 1) }, { goal: 'fastest' });
    expect(outcome.answers[0]?.tied).toContainEqual(x86(1769));
    expect(measured.map(({ configuration }) => configuration.memoryMb)).toEqual([
      10_240, 8192, 6144, 4096, 3008, 1769, 1024,
    ]);
    expect(outcome.notCalled[0]?.text).toMatch(/^already \d+ % slower at 1,024 MB than at [\d,]+ MB on x86_64$/);
  });

  it('fastest: the cheapest of those as fast has a second environment, even where a larger size was a little faster', () => {
    const { measured } = play({ warmMs: cpuBound(1000, 1) }, { goal: 'fastest' });
    const advised = measured.find(({ configuration }) => configuration.memoryMb === 1769);
    expect(advised?.environments).toBe(2);
  });

  it('cheapest never calls the dear sizes that only the fastest needs', () => {
    const { measured } = play({ warmMs: waiting(100) }, { goal: 'cheapest' });
    expect(Math.max(...measured.map(({ configuration }) => configuration.memoryMb))).toBe(256);
  });

  it('all: answers three questions from the same calls', () => {
    const { outcome } = play({ warmMs: cpuBound(1000, 1) }, { goal: 'all' });
    expect(outcome.answers.map(({ question }) => question)).toEqual(['cheapest', 'fastest', 'balanced']);
    expect(outcome.answers[2]?.best).toEqual(x86(1769));
  });
});

describe('a limit on p95', () => {
  it('chooses the cheapest size that keeps it, beyond ones that are cheaper', () => {
    const { outcome } = play({ warmMs: cpuBound(150, 1) }, { maxP95Ms: 300 });
    expect(outcome.answers[0]?.best).toEqual(x86(1024));
    expect(outcome.answers[0]?.latency).toBe('kept');
  });

  it('says that it is not certain where few calls cannot prove it', () => {
    const { outcome } = play({ warmMs: cpuBound(150, 1) }, { maxP95Ms: 300, effort: 'quick' });
    expect(outcome.answers[0]?.latency).toBe('undecided');
    expect(outcome.texts[0]).toContain('that its p95 keeps 300 ms is not certain yet');
  });

  it('names no size when none keeps it', () => {
    const { outcome } = play({ warmMs: waiting(500) }, { maxP95Ms: 100 });
    expect(outcome.answers).toEqual([]);
    expect(outcome.texts).toEqual(['no size that was measured keeps a p95 of 100 ms']);
  });
});

describe('a budget', () => {
  const budget = { leftUsd: 0.0003, worstCaseUsdPerGb: 0.00005 };

  it('is never passed, and the best so far is named', () => {
    const played = play({ warmMs: cpuBound(400, 1, 0.3) }, { budget });
    expect(played.spentUsd).toBeLessThanOrEqual(0.0003);
    expect(played.outcome.reason).toBe('budget');
    expect(played.outcome.answers[0]?.ended).toBe('budget');
    expect(played.outcome.texts[0]).toMatch(/the budget ended the search$/);
    expect(played.outcome.notCalled.some(({ reason }) => reason === 'budget')).toBe(true);
  });

  it('too small for one call allows none', () => {
    const { outcome, calls } = play(
      { warmMs: waiting(100) },
      { budget: { leftUsd: 1e-9, worstCaseUsdPerGb: 0.00005 } },
    );
    expect(calls).toBe(0);
    expect(outcome.reason).toBe('nothingMeasured');
    expect(outcome.texts).toEqual(['the budget allowed no call']);
  });

  it('that is large changes nothing', () => {
    const free = play({ warmMs: cpuBound(400, 1) });
    const rich = play({ warmMs: cpuBound(400, 1) }, { budget: { leftUsd: 100, worstCaseUsdPerGb: 0.01 } });
    expect(rich.outcome).toEqual(free.outcome);
  });
});

describe('the blend of cold and warm', () => {
  // 256 MB is 4 % dearer when warm, but 128 MB takes a second longer to start.
  const curve: Curve = {
    warmMs: ({ memoryMb }) => (memoryMb === 128 ? 200 : 104),
    initMs: ({ memoryMb }) => (memoryMb === 128 ? 1500 : 100),
  };
  const ladders = { x86_64: [128, 256] };

  it('is not invented where no share of cold starts is given', () => {
    expect(play(curve, { ladders }).outcome.answers[0]?.best).toEqual(x86(128));
  });

  it('decides where it is given', () => {
    expect(play(curve, { ladders, coldShare: 0.1 }).outcome.answers[0]?.best).toEqual(x86(256));
  });
});

describe('weighted payloads', () => {
  // Small events wait 100 ms anywhere; large ones compute, 30 % less dear at 512 MB than at 128.
  const curve: Curve = {
    warmMs: ({ memoryMb }, _, __, payload) => {
      if (payload === 'small') return 100;
      return { 128: 8000, 256: 3300, 512: 1400 }[memoryMb] ?? 1000;
    },
    initMs: 0,
  };
  const ladders = { x86_64: [128, 256, 512] };
  const mix = (small: number, large: number) => [
    { name: 'small', weight: small },
    { name: 'large', weight: large },
  ];

  it('are strata: the weights decide, not how often each was called', () => {
    const mostlySmall = play(curve, { ladders, payloads: mix(999, 1) });
    const mostlyLarge = play(curve, { ladders, payloads: mix(1, 999) });
    expect(mostlySmall.outcome.answers[0]?.best).toEqual(x86(128));
    expect(mostlyLarge.outcome.answers[0]?.best).toEqual(x86(512));
  });
});

describe('refining between rungs', () => {
  it('tries the size that the curve promises, and says which', () => {
    // Cheapest near 724 MB: 512 and 1,024 are alike.
    const warmMs = ({ memoryMb }: { memoryMb: number }) =>
      (200_000 / memoryMb) * Math.exp(0.25 * Math.log2(memoryMb / 724) ** 2);
    const plain = play({ warmMs });
    const refined = play({ warmMs }, { refine: true });
    expect(plain.outcome.refined).toEqual([]);
    expect(refined.outcome.refined.map(({ memoryMb }) => memoryMb)).toEqual([704]);
    expect(refined.outcome.answers[0]?.best).toEqual(x86(704));
  });

  it('tries nothing where the curve promises no gain', () => {
    const { outcome } = play({ warmMs: waiting(100) }, { refine: true });
    expect(outcome.refined).toEqual([]);
  });
});
