import { describe, expect, it } from 'vitest';
import type { ExecutionEnvironment } from '../../../src/local/service/execution.ts';
import { createPools, type Slot } from '../../../src/local/service/pools.ts';

const stopped: Slot[] = [];
/** What the endpoint does with a new slot: gives it an environment. */
function warm(slot: Slot): Slot {
  const environment = { stop: async () => void stopped.push(slot) };
  return Object.assign(slot, { environment: slot.environment ?? (environment as ExecutionEnvironment) });
}

describe('createPools', () => {
  it('at the bound lets calls wait in order until an environment is free', async () => {
    const pools = createPools(1);
    const first = warm(await pools.acquire('a'));
    const served: string[] = [];
    const b = pools.acquire('b').then((slot) => {
      served.push('b');
      return slot;
    });
    const again = pools.acquire('a').then((slot) => {
      served.push('a');
      return slot;
    });
    await Promise.resolve();
    expect([served, pools.counts()]).toEqual([[], { total: 1, busy: 1 }]);
    await pools.release(first, false);
    const second = warm(await b);
    expect([served, stopped, second.environmentId === first.environmentId]).toEqual([['b'], [first], false]);
    await pools.release(second, false);
    expect((await again).environment).toBeUndefined();
    expect(served).toEqual(['b', 'a']);
  });

  it('prefers the environment that was used last', async () => {
    const pools = createPools(4);
    const [one, two] = [warm(await pools.acquire('a')), warm(await pools.acquire('a'))];
    await pools.release(two, false);
    await pools.release(one, false);
    expect(await pools.acquire('a')).toBe(one);
  });

  it('stops those of a retired pool: idle ones at once, busy ones when they are done', async () => {
    const pools = createPools(4);
    stopped.length = 0;
    const [idle, busy] = [warm(await pools.acquire('a')), warm(await pools.acquire('a'))];
    await pools.release(idle, false);
    await pools.retire('a');
    expect(stopped).toEqual([idle]);
    await pools.release(busy, false);
    expect([stopped, pools.counts()]).toEqual([[idle, busy], { total: 0, busy: 0 }]);
  });

  it('never keeps one that ended or was not started', async () => {
    const pools = createPools(4);
    await pools.release(await pools.acquire('a'), false);
    await pools.release(warm(await pools.acquire('a')), true);
    expect(pools.counts()).toEqual({ total: 0, busy: 0 });
  });
});
