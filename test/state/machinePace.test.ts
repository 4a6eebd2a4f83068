import { describe, expect, it } from 'vitest';
import {
  type CodeSeen,
  calmestOf,
  knownFollows,
  knownPace,
  type PaceSeen,
  pacesText,
  parsePaces,
} from '../../src/state/machinePace.ts';

const now = new Date('2026-11-29T18:00:00.000Z');
const seen = (at: string, calmMs: number, calls = 12, machine = 'here'): PaceSeen => ({ machine, at, calmMs, calls });

describe('the calm pace of one run', () => {
  it('is the fastest that four calls met alike', () => {
    expect(calmestOf([0.048, 0.0242, 0.0241, 0.05, 0.024, 0.0243, 0.031])).toEqual({ calmMs: 0.024, calls: 4 });
  });

  it('is not that of a single call that was faster by chance', () => {
    expect(calmestOf([0.018, 0.0242, 0.0241, 0.024, 0.0243, 0.0244])).toEqual({ calmMs: 0.024, calls: 5 });
  });

  it('is not told by few calls, nor by calls that are all different', () => {
    expect(calmestOf([])).toBeUndefined();
    expect(calmestOf([0.024, 0.024, 0.024])).toBeUndefined();
    expect(calmestOf([0.024, 0.026, 0.028, 0.03, 0.033])).toBeUndefined();
  });
});

describe('the calm pace of a machine', () => {
  it('is the fastest that many calls met, whatever slow ones came between', () => {
    const runs = [
      seen('2026-11-27T10:00:00.000Z', 0.0241),
      seen('2026-11-28T10:00:00.000Z', 0.0376),
      seen('2026-11-29T10:00:00.000Z', 0.0239),
      seen('2026-11-29T11:00:00.000Z', 0.024),
    ];
    expect(knownPace(runs, 'here', now)).toEqual({
      referenceMs: 0.0239,
      runs: 3,
      lastSeenAt: '2026-11-29T11:00:00.000Z',
    });
  });

  it('is never one that fewer than ten calls met', () => {
    const odd = seen('2026-11-29T09:00:00.000Z', 0.018, 4);
    expect(knownPace([odd], 'here', now)).toBeUndefined();
    expect(knownPace([odd, seen('2026-11-29T10:00:00.000Z', 0.024)], 'here', now)?.referenceMs).toBe(0.024);
    expect(knownPace([odd, odd, odd], 'here', now)?.referenceMs).toBe(0.018);
  });

  it('is that of another machine, of more than two weeks ago, or of the future, for nobody', () => {
    expect(knownPace([seen('2026-11-29T10:00:00.000Z', 0.024, 12, 'there')], 'here', now)).toBeUndefined();
    expect(knownPace([seen('2026-11-15T10:00:00.000Z', 0.024)], 'here', now)).toBeUndefined();
    expect(knownPace([seen('2026-11-30T10:00:00.000Z', 0.024)], 'here', now)).toBeUndefined();
  });

  it('is given up when five runs in a row stayed slower: the machine has changed', () => {
    const before = seen('2026-11-28T10:00:00.000Z', 0.024);
    const slow = [1, 2, 3, 4, 5].map((hour) => seen(`2026-11-29T0${hour}:00:00.000Z`, 0.036));
    expect(knownPace([before, ...slow.slice(1)], 'here', now)?.referenceMs).toBe(0.024);
    expect(knownPace([before, ...slow], 'here', now)).toEqual({
      referenceMs: 0.036,
      runs: 5,
      lastSeenAt: '2026-11-29T05:00:00.000Z',
    });
  });

  it('is not given up for five slow runs within minutes: that is one busy spell of the neighbours', () => {
    const before = seen('2026-11-28T10:00:00.000Z', 0.024);
    const slow = [1, 2, 3, 4, 5].map((minute) => seen(`2026-11-29T05:0${minute}:00.000Z`, 0.036));
    expect(knownPace([before, ...slow], 'here', now)?.referenceMs).toBe(0.024);
  });

  it('does not depend on the order in which runs were written', () => {
    const runs = [0.0376, 0.0241, 0.0239, 0.024].map((ms, hour) => seen(`2026-11-29T0${hour}:00:00.000Z`, ms));
    expect(knownPace(runs.toReversed(), 'here', now)).toEqual(knownPace(runs, 'here', now));
  });
});

describe('how much code follows the reference', () => {
  const run = (at: string, slope: number, error: number, code = 'mine', range = 0): CodeSeen => ({
    ...{ machine: 'here', code, at },
    follows: [{ range, slope, error }],
  });

  it('is the mean of its runs, by how well each knew it, and known the better the more there were', () => {
    const runs = [run('2026-11-29T10:00:00.000Z', 1, 0.01), run('2026-11-29T11:00:00.000Z', 1.2, 0.01)];
    const [known] = knownFollows(runs, { machine: 'here', code: 'mine' }, now);
    expect(known?.slope).toBeCloseTo(1.1, 10);
    expect(known?.error).toBeCloseTo(0.1416, 4);
    const [unsure] = knownFollows(
      [...runs, run('2026-11-29T12:00:00.000Z', 0.2, 1)],
      { machine: 'here', code: 'mine' },
      now,
    );
    expect(unsure?.slope).toBeCloseTo(1.083, 3);
  });

  it('is told range by range', () => {
    const runs = [run('2026-11-29T10:00:00.000Z', 1, 0.1), run('2026-11-29T11:00:00.000Z', 0.4, 0.1, 'mine', 2)];
    const known = knownFollows(runs, { machine: 'here', code: 'mine' }, now);
    expect(known.map(({ range, slope }) => [range, slope])).toEqual([
      [0, 1],
      [2, 0.4],
    ]);
  });

  it('is not known of other code, of another machine, or from more than two weeks ago', () => {
    const runs = [run('2026-11-29T10:00:00.000Z', 1, 0.01), run('2026-11-01T10:00:00.000Z', 1, 0.01, 'old')];
    expect(knownFollows(runs, { machine: 'here', code: 'other' }, now)).toEqual([]);
    expect(knownFollows(runs, { machine: 'there', code: 'mine' }, now)).toEqual([]);
    expect(knownFollows(runs, { machine: 'here', code: 'old' }, now)).toEqual([]);
  });
});

it('a file is read as it was written, and nothing of one that is damaged, of another version, or somebody else’s', () => {
  const paces = {
    seen: [seen('2026-11-29T10:00:00.000Z', 0.024)],
    codes: [
      {
        ...{ machine: 'here', code: 'mine', at: '2026-11-29T10:00:00.000Z' },
        follows: [{ range: 1, slope: 1.1, error: 0.02 }],
      },
    ],
  };
  const nothing = { seen: [], codes: [] };
  const one = '"machine":"here","at":"2026-11-29T10:00:00.000Z","calls":12';
  expect(parsePaces(pacesText(paces))).toEqual(paces);
  expect(parsePaces(pacesText(paces).slice(0, 40))).toEqual(nothing);
  expect(parsePaces('')).toEqual(nothing);
  expect(parsePaces('{"version":1,"seen":[],"slopes":[]}')).toEqual(nothing);
  expect(parsePaces('[0.001]')).toEqual(nothing);
  expect(parsePaces(`{"version":2,"codes":[],"seen":[{${one},"calmMs":0.024}]}`).seen).toHaveLength(1);
  expect(parsePaces(`{"version":2,"codes":[],"seen":[{${one},"calmMs":0}]}`)).toEqual(nothing);
  expect(parsePaces(`{"version":2,"codes":[],"seen":[{${one},"calmMs":0.024,"more":1}]}`)).toEqual(nothing);
});
