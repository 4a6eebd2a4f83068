import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/stats/random.ts';
import {
  isOtherThan,
  type MeasuredPair,
  riseAt,
  riseErrorAt,
  segmentedSlope,
  together,
  toldRanges,
} from '../../src/stats/segmentedSlope.ts';
import { normalDraw } from '../normalDraw.ts';

type Truth = (x: number) => number;

const line =
  (slope: number): Truth =>
  (x) =>
    slope * x;

/** As code on a core that a neighbour shares or does not: hardly, then steeply, then hardly. */
const bent: Truth = (x) =>
  0.5 * Math.min(x, 0.15) + 1.35 * Math.max(0, Math.min(x, 0.45) - 0.15) + 0.4 * Math.max(0, x - 0.45);

/** Three groups with levels of their own, in which y follows x but for the noise; x as of a core that is calm for `calm` of the calls. */
function groupsOf(truth: Truth, seed: number, { noise = 0.04, count = 25, calm = 0.3, from = 0 } = {}) {
  const random = seededRandom(seed);
  return [0, 5, -3].map((level) =>
    Array.from({ length: count }, (): MeasuredPair => {
      const x = from + (random() < calm ? 0.12 * random() : 0.25 + 0.3 * random());
      return { x, y: level + truth(x) + noise * normalDraw(random) };
    }),
  );
}

interface Host {
  readonly level: number;
  readonly noise: number;
  readonly count: number;
  readonly calm: number;
}

/** Each group on a host of its own: another level, another scatter, more or fewer values, calm for more or less of them. */
function onHosts(truth: Truth, seed: number, hosts: readonly Host[]): readonly (readonly MeasuredPair[])[] {
  const random = seededRandom(seed);
  return hosts.map(({ level, noise, count, calm }) =>
    Array.from({ length: count }, (): MeasuredPair => {
      const x = random() < calm ? 0.12 * random() : 0.25 + 0.3 * random();
      return { x, y: level + truth(x) + noise * normalDraw(random) };
    }),
  );
}

const unevenHosts: readonly Host[] = [
  { level: 0, noise: 0.04, count: 60, calm: 0.9 },
  { level: 5, noise: 0.04, count: 12, calm: 0.3 },
  { level: -3, noise: 0.04, count: 6, calm: 0 },
];
const noisyHosts: readonly Host[] = [
  { level: 0, noise: 0.02, count: 25, calm: 0.3 },
  { level: 5, noise: 0.04, count: 25, calm: 0.3 },
  { level: -3, noise: 0.08, count: 25, calm: 0.3 },
];

const seeds = (count: number, first = 1) => Array.from({ length: count }, (_, index) => first + index);

describe('by how much y rises with x', () => {
  it('is found exactly where y follows x exactly, whatever the levels of the groups', () => {
    const fit = segmentedSlope(groupsOf(line(1), 1, { noise: 0 }));
    expect(riseAt(fit, 0.4)).toBeCloseTo(0.4, 9);
    expect(riseAt(fit, 0)).toBe(0);
    const steep = segmentedSlope(groupsOf(bent, 1, { noise: 0 }));
    for (const x of [0.1, 0.3, 0.5]) expect(riseAt(steep, x)).toBeCloseTo(bent(x), 2);
  });

  it.each([
    ['a line', line(0.9)],
    ['a line that rises steeply', line(1.5)],
    ['none', line(0)],
    ['bends', bent],
  ] as const)('comes with its standard error: nineteen in twenty lie within two of them: %s', (_, truth) => {
    const found = seeds(200).map((seed) => segmentedSlope(groupsOf(truth, seed)));
    for (const x of [0.1, 0.3, 0.5]) {
      const within = found.filter((fit) => Math.abs(riseAt(fit, x) - truth(x)) <= 2 * riseErrorAt(fit, x));
      expect(within.length, String(x)).toBeGreaterThanOrEqual(182);
      const errors = found.map((fit) => riseErrorAt(fit, x));
      expect(Math.max(...errors), String(x)).toBeLessThan(0.06);
    }
  });

  // Where 95 % are within, chance leaves fewer than 181 of 200 in less than one seed of a hundred; one scatter for all costs five in a hundred more.
  it.each([
    [
      'are calm for more or less of the time, and were called more or less often, and nothing follows',
      line(0),
      unevenHosts,
      181,
    ],
    ['are calm for more or less of the time, and were called more or less often', bent, unevenHosts, 181],
    ['scatter four times as much as others', bent, noisyHosts, 172],
    ['scatter four times as much as others, and nothing follows', line(0), noisyHosts, 172],
  ] as const)('comes with its standard error where hosts %s', (_, truth, hosts, least) => {
    const found = seeds(200).map((seed) => segmentedSlope(onHosts(truth, seed, hosts)));
    for (const x of [0.1, 0.3, 0.5]) {
      const within = found.filter((fit) => Math.abs(riseAt(fit, x) - truth(x)) <= 2 * riseErrorAt(fit, x));
      expect(within.length, String(x)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...found.map((fit) => riseErrorAt(fit, x))), String(x)).toBeLessThan(0.06);
    }
  });

  it('is what is likely where there is too little to tell, and hardly known', () => {
    for (const groups of [
      [],
      [[{ x: 1, y: 1 }]],
      [
        [
          { x: 0.1, y: 1 },
          { x: 0.2, y: 2 },
        ],
      ],
    ]) {
      const fit = segmentedSlope(groups);
      expect(riseAt(fit, 0.4)).toBeCloseTo(0.4, 9);
      expect(riseErrorAt(fit, 0.4)).toBeGreaterThan(0.15);
      expect(toldRanges(fit)).toEqual([]);
    }
  });

  it('below the least x that was seen is not known, and what was seen there is', () => {
    const found = seeds(40).map((seed) => segmentedSlope(groupsOf(line(1), seed, { from: 0.3, calm: 0.5 })));
    for (const fit of found) {
      expect(riseErrorAt(fit, 0.3)).toBeGreaterThan(0.1);
      expect(toldRanges(fit).map(({ range }) => range)).not.toContain(0);
    }
  });

  it('never falls', () => {
    for (const seed of seeds(30)) {
      const fit = segmentedSlope(groupsOf(line(-0.5), seed));
      expect(Math.min(...fit.slopes)).toBeGreaterThanOrEqual(0);
      expect(riseAt(fit, 0.5)).toBeLessThan(0.02);
    }
  });

  it('is not taken to be better known than it is where neighbours in time are alike, in both', () => {
    const autoregressive = (random: () => number, spread: number) => {
      let at = 0;
      return () => {
        at = 0.8 * at + 0.6 * spread * normalDraw(random);
        return at;
      };
    };
    const found = seeds(200).map((seed) => {
      const random = seededRandom(seed);
      return segmentedSlope(
        [0, 5, -3].map((level) => {
          const [slow, rest] = [autoregressive(random, 0.2), autoregressive(random, 0.05)];
          return Array.from({ length: 40 }, () => {
            const x = Math.max(0, 0.3 + slow());
            return { x, y: level + 0.7 * x + rest() };
          });
        }),
      );
    });
    // Without the allowance it is three quarters of them.
    const within = found.filter((fit) => Math.abs(riseAt(fit, 0.4) - 0.28) <= 2 * riseErrorAt(fit, 0.4));
    expect(within.length).toBeGreaterThanOrEqual(176);
  });

  it('is not made by one value far out', () => {
    const groups = groupsOf(line(0), 7).map((group) => [...group, { x: 0.4, y: 9 }, { x: 3, y: 9 }]);
    expect(riseAt(segmentedSlope(groups), 0.5)).toBeLessThan(0.06);
  });
});

describe('what earlier runs told', () => {
  const told = seeds(5, 100).map((seed) => toldRanges(segmentedSlope(groupsOf(bent, seed))));

  it('brings a run that has little of its own closer', () => {
    const errorsOf = (earlier: Parameters<typeof segmentedSlope>[1]) =>
      seeds(60).map((seed) => riseAt(segmentedSlope(groupsOf(bent, seed, { count: 5 }), earlier), 0.4) - bent(0.4));
    const meanSquare = (errors: readonly number[]) => errors.reduce((sum, one) => sum + one ** 2, 0) / errors.length;
    expect(meanSquare(errorsOf(together(told)))).toBeLessThan(0.7 * meanSquare(errorsOf([])));
  });

  it('counts together the more the more there were, and no more than runs are alike', () => {
    const [few, many] = [together(told.slice(0, 1)), together([...told, ...told])];
    for (const [range, { error }] of many.entries()) expect(error).toBeLessThan(few[range]?.error ?? 0);
    expect(Math.min(...many.map(({ error }) => error))).toBeGreaterThan(0.06);
    expect(together([])).toEqual([]);
  });

  it.each([
    ['a run of the same code on hosts that differ', bent, 0, 1],
    ['one that follows half as much', line(0.5), 75, 100],
    ['one that does not follow at all', line(0), 99, 100],
  ] as const)('are left aside for another behaviour, and for no other reason: %s', (_, truth, least, most) => {
    const earlier = together(seeds(5, 1000).map((seed) => toldRanges(segmentedSlope(onHosts(bent, seed, noisyHosts)))));
    const others = seeds(100).filter((seed) => isOtherThan(segmentedSlope(onHosts(truth, seed, noisyHosts)), earlier));
    expect(others.length).toBeGreaterThanOrEqual(least);
    expect(others.length).toBeLessThanOrEqual(most);
  });

  it('of runs that differ as kinds of neighbours do are of one behaviour', () => {
    const ofRun = (seed: number) => {
      const random = seededRandom(seed);
      const slopes = [0.5, 1.35, 1.35, 0.4].map((slope) => slope + 0.2 * normalDraw(random));
      const truth: Truth = (x) =>
        slopes.reduce((sum, slope, at) => sum + slope * Math.max(0, Math.min(x - 0.15 * at, at === 3 ? x : 0.15)), 0);
      return segmentedSlope(onHosts(truth, seed, noisyHosts));
    };
    const earlier = together(seeds(5, 5000).map((seed) => toldRanges(ofRun(seed))));
    expect(seeds(100, 9000).filter((seed) => isOtherThan(ofRun(seed), earlier)).length).toBeLessThanOrEqual(3);
  });

  it('is of another behaviour where a run clearly tells so', () => {
    expect(isOtherThan(segmentedSlope(groupsOf(bent, 9)), together(told))).toBe(false);
    expect(isOtherThan(segmentedSlope(groupsOf(line(0), 9)), together(told))).toBe(true);
  });
});
