import { describe, expect, it } from 'vitest';
import { coldStartsOf } from '../../src/analysis/coldStarts.ts';
import type { Measurement } from '../../src/model/measurement.ts';

const call = (figures: Partial<Extract<Measurement, { outcome: 'succeeded' }>>): Measurement => ({
  requestId: 'r',
  startedAt: '2026-11-01T10:00:00.000Z',
  environment: '1',
  start: 'cold',
  outcome: 'succeeded',
  durationMs: 10,
  billedDurationMs: 10,
  maxMemoryUsedMb: 60,
  costUsd: 1e-6,
  ...figures,
});
const restore = (restoreDurationMs: number, order?: 'first' | 'later') =>
  call({ restoreDurationMs, restored: order && { order, sinceReadyMs: 1000 } });

describe('cold starts of a configuration', () => {
  it('are the init durations of cold calls', () => {
    expect(coldStartsOf([call({ initDurationMs: 90 }), call({ start: 'warm' })])).toEqual({
      kind: 'init',
      ms: [90],
      firstMs: [],
      onlyFirst: false,
    });
  });

  it('of SnapStart are its later restores, where there are two', () => {
    expect(
      coldStartsOf([restore(400, 'first'), restore(410, 'first'), restore(150, 'later'), restore(160, 'later')]),
    ).toEqual({ kind: 'restore', ms: [150, 160], firstMs: [400, 410], onlyFirst: false });
  });

  it('are first restores where there are no later ones, or an older run does not tell them apart', () => {
    expect(coldStartsOf([restore(400, 'first')])).toMatchObject({ ms: [400], onlyFirst: true });
    expect(coldStartsOf([restore(400), restore(300)])).toMatchObject({ ms: [400, 300], onlyFirst: true });
  });

  it('are not known where none was reported', () => {
    expect(coldStartsOf([call({})])).toBeUndefined();
  });
});
