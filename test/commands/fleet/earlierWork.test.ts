import { describe, expect, it } from 'vitest';
import { inOrder, isDone, spentBefore } from '../../../src/commands/fleet/earlierWork.ts';
import type { CutRun } from '../../../src/commands/fleet/measureFunction.ts';
import type { ChosenFunction, FleetShard, ShardRow } from '../../../src/model/fleet/shard.ts';

const row = (state: ShardRow['state'], more: Partial<ShardRow> = {}): ShardRow => ({
  functionArn: 'arn',
  state,
  because: '',
  spentUsd: 0,
  ...more,
});

/** A run that was cut short after it had paid so much. */
const cut = (...spentUsd: readonly number[]): CutRun =>
  ({ record: { measured: spentUsd.map((usd) => ({ spentUsd: usd })) } }) as unknown as CutRun;

describe('what an earlier process of a part did', () => {
  it('is done where it was measured to its end, or paid for and failed', () => {
    expect(isDone(row('measured'))).toBe(true);
    expect(isDone(row('measured', { because: 'the cap ended it early' }))).toBe(false);
    expect(isDone(row('failed', { spentUsd: 0.01 }))).toBe(true);
    expect(isDone(row('failed'))).toBe(false);
    expect(isDone(row('started', { spentUsd: 0.01 }))).toBe(false);
  });

  it('was paid for as the file says, or as the record does, which is written with every call', () => {
    const earlier = { spentUsd: 0.5, spentBeforeUsd: 0.2 } as FleetShard;
    expect(spentBefore(undefined, new Map())).toBe(0);
    expect(spentBefore(earlier, new Map())).toBe(0.5);
    expect(spentBefore(earlier, new Map([['a', cut(0.1, 0.2)]]))).toBe(0.5);
    expect(
      spentBefore(
        earlier,
        new Map([
          ['a', cut(0.1, 0.4)],
          ['b', cut(0.35)],
        ]),
      ),
    ).toBeCloseTo(0.6);
  });

  it('is gone on with first, and what is done is left out', () => {
    const own = ['a', 'b', 'c', 'd'].map((functionArn) => ({ functionArn }) as ChosenFunction);
    const order = inOrder(own, new Set(['b']), new Map([['d', cut()]]));
    expect(order.map(({ functionArn }) => functionArn)).toEqual(['d', 'a', 'c']);
  });
});
