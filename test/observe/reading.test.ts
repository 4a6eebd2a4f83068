import { describe, expect, it } from 'vitest';
import type { LogGroupFacts } from '../../src/model/production/production.ts';
import { idleStretches } from '../../src/observe/idleStretches.ts';
import { hourMs } from '../../src/observe/period.ts';
import { affordableBytes, fewCalls, sourcesToTry, unusableFor } from '../../src/observe/recordSource.ts';
import type { Cell, SamplingPlan } from '../../src/observe/samplingPlan.ts';

const plan: SamplingPlan = { windows: [], windowS: 60, isWhole: false, bytes: 0, records: 0 };
const cell = (hour: number, calls: number, hours = 1): Cell => ({
  fromMs: hour * hourMs,
  toMs: (hour + hours) * hourMs,
  calls,
  logBytes: 1000 * calls,
});

describe('the stretches that are read for the pauses between calls', () => {
  it('are the three hours with the fewest calls that still end environments and can be read', () => {
    const hours = [cell(0, 4), cell(1, 900), cell(2, 5), cell(3, 3001), cell(4, 40), cell(5, 300)];
    expect(
      idleStretches(hours, plan, true).map(({ fromMs, expectedRecords }) => [fromMs / hourMs, expectedRecords]),
    ).toEqual([
      [2, 5],
      [4, 40],
      [5, 300],
    ]);
  });

  it('stand for no call of the period, so that they change no figure', () => {
    expect(idleStretches([cell(0, 40)], plan, true)).toEqual([
      { fromMs: 0, toMs: hourMs, stratum: 'idle', standsFor: 0, bytes: 40_000, expectedRecords: 40 },
    ]);
  });

  it('are none where cells are too short for a pause, where all is read anyway, and where nothing was counted', () => {
    expect(idleStretches([cell(0, 4, 0.25)], plan, true)).toEqual([]);
    expect(idleStretches([cell(0, 40)], { ...plan, isWhole: true }, true)).toEqual([]);
    expect(idleStretches([cell(0, 40)], plan, false)).toEqual([]);
  });
});

describe('where records are looked for', () => {
  const group: LogGroupFacts = { name: '/aws/lambda/orders', storedBytes: 1e6, isStandard: true };

  it('is the log first where its size can be seen, and Insights first where it cannot', () => {
    expect(sourcesToTry('auto', group)).toEqual(['events', 'insights']);
    expect(sourcesToTry('auto', undefined)).toEqual(['insights', 'events']);
  });

  it('is what somebody named alone, and nowhere for counts', () => {
    expect(sourcesToTry('insights', group)).toEqual(['insights']);
    expect(sourcesToTry('metrics', group)).toEqual([]);
  });

  it('is not a log without records, nor one whose class has no calls to read it by', () => {
    const infrequent = { ...group, isStandard: false };
    expect(unusableFor('events', undefined, infrequent)).toContain('Infrequent Access');
    expect(unusableFor('insights', undefined, infrequent)).toBeUndefined();
    expect(unusableFor('insights', 'its system log level is WARN', group)).toBe('its system log level is WARN');
    expect(unusableFor('events', undefined, undefined)).toBeUndefined();
  });

  it('costs money by the byte with Insights, of which four fifths of what is left are spent', () => {
    expect(affordableBytes('insights', 0.005)).toBe(0.8e9);
    expect(affordableBytes('events', 0)).toBe(6e9);
  });

  it('is read call by call where that takes at most 600 of them', () => {
    expect(fewCalls({ ...plan, records: 600 * 2500 })).toBe(true);
    expect(fewCalls({ ...plan, records: 600 * 2500, bytes: 1 })).toBe(false);
  });
});
