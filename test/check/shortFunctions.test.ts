import { describe, expect, it } from 'vitest';
import { sideOf } from '../../src/check/figures.ts';
import { nextRound } from '../../src/check/gate.ts';
import { judgedLines } from '../../src/check/metrics.ts';
import { checkDefaults, type GateOptions } from '../../src/check/options.ts';
import { normal, play, shares, succeeded } from './simulated.ts';

const options: GateOptions = { ...checkDefaults, memoryMb: 128 };
const requestUsd = 2e-7;
const usdPerMs = (0.125 * 1.66667e-5) / 1000;

/** Forty calls in four environments of a function of 128 MB that takes `ms`, billed by the whole millisecond. */
function callsOf(ms: number) {
  return Array.from({ length: 40 }, (_, index) => {
    const durationMs = ms * (1 + 0.05 * Math.sin(3 * index));
    const costUsd = requestUsd + Math.ceil(durationMs) * usdPerMs;
    return succeeded(costUsd, `e${index % 4}`, { durationMs });
  });
}

const decided = (before: number, now: number, given: GateOptions = options) =>
  nextRound({ baseline: callsOf(before), current: callsOf(now), ended: true }, given);

describe('a function whose calls take a few milliseconds', () => {
  it('regressed where they take twice as long, though the fee of the request hides it in the cost', () => {
    const round = decided(3, 6);
    expect(round).toMatchObject({ kind: 'decided', verdict: 'regressed' });
    const lines = round.kind === 'decided' ? round.metrics : [];
    expect(lines.map(({ name, verdict, limit }) => [name, verdict, limit])).toEqual([
      ['cost', 'inconclusive', 0.05],
      ['meanCost', 'inconclusive', 0.05],
      ['duration', 'regressed', 0.05],
      ['errors', 'inconclusive', 0.05],
    ]);
  });

  it('is judged by the limit of duration where one is given', () => {
    const given = { ...options, limits: { cost: { max: 0.1 }, duration: { max: 1.5 } } };
    expect(decided(3, 6, given)).toMatchObject({ kind: 'decided', verdict: 'passed' });
  });

  it('passes where nothing changed, and needs no verdict on duration for it', () => {
    expect(decided(3, 3)).toMatchObject({ kind: 'decided', verdict: 'passed' });
  });

  it('is one below 10 ms: duration is not judged unasked above', () => {
    const namesOf = (ms: number) =>
      judgedLines(sideOf(callsOf(ms)), sideOf(callsOf(ms)), options).map(({ name }) => name);
    expect(namesOf(9)).toContain('duration');
    expect(namesOf(11)).not.toContain('duration');
  });

  it('takes its share of the one error rate: unchanged it is called regressed in at most 2 %', () => {
    // 3 ms; no fee, so that cost and duration both can alarm.
    const one = { costUsd: normal(0.15, 0.03), spread: 0.03 };
    expect(shares((seed) => play(one, one, seed, options), 150).regressed).toBeLessThanOrEqual(0.02);
  });
});

describe('several functions of one check', () => {
  it('share one error rate: what a line may spend is divided by their number', () => {
    const spent = (functions: number) =>
      judgedLines(sideOf(callsOf(3)), sideOf(callsOf(3)), { ...options, functions }).reduce(
        (sum, { share }) => sum + share,
        0,
      );
    expect(spent(1)).toBeCloseTo(1, 12);
    expect(spent(20)).toBeCloseTo(0.05, 12);
  });

  it('at its limit one of ten is called regressed far more seldom than one alone, and +30 % is still found', () => {
    const [costUsd, atLimit] = [normal(0.1), normal(0.1, 1.05)];
    const ten = { ...options, functions: 10 };
    const found = shares((seed) => play({ costUsd }, { costUsd: atLimit }, seed, ten), 150);
    expect(found.regressed).toBeLessThanOrEqual(0.03);
    const dearer = shares((seed) => play({ costUsd }, { costUsd: normal(0.1, 1.3) }, seed, ten), 40);
    expect(dearer.regressed).toBe(1);
  });
});
