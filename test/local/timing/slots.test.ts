import { expect, it } from 'vitest';
import { openSlots } from '../../../src/local/timing/slots.ts';

interface Shared {
  readonly wake: Int32Array;
  readonly asked: Int32Array;
  readonly threads: Int32Array;
  readonly states: Int32Array;
  readonly sums: Float64Array;
  readonly fields: Readonly<Record<string, number>>;
}

function opened() {
  const slots = openSlots(2);
  const shared = slots.shared as unknown as Shared;
  const fill = (sums: Readonly<Record<string, number>>): void => {
    for (const [name, sum] of Object.entries(sums)) shared.sums[shared.fields[name] ?? -1] = sum;
  };
  return { slots, shared, fill };
}

it('a call at 20 loops per ms for three quarters of its time on the CPU, and at 10 for the rest', () => {
  const { slots, fill } = opened();
  const slot = slots.take('4711/task/4712');
  fill({ weightNs: 4e6, work: 3e6 * 20 + 1e6 * 10, looks: 9, speeds: 150, fastest: 20, heldMs: 1.5 });
  fill({ halfWeightNs: 2e6, halfWork: 2e6 * 18, otherWeightNs: 2e6, otherWork: 2e6 * 17 });
  const speed = slot?.speed();
  expect(speed).toMatchObject({ referenceMs: 1 / 17.5, fastestMs: 1 / 20, heldMs: 1.5 });
  expect(speed?.error).toBeCloseTo(Math.log(18 / 17) / 2, 9);
});

it('a call that was over before the second look is as fast as what was seen around it', () => {
  const { slots, fill } = opened();
  const slot = slots.take('4712');
  fill({ looks: 2, speeds: 30 });
  expect(slot?.speed()).toEqual({ referenceMs: 1 / 15, fastestMs: 1 / 15, error: 0, heldMs: 0 });
});

it('a call that nobody looked at has no speed', () => {
  const { slots } = opened();
  expect(slots.take('4712')?.speed()).toBeUndefined();
  expect(slots.take('none')).toBeUndefined();
});

it('a slot that was freed is the next one’s, with nothing of the call before', () => {
  const { slots, shared, fill } = opened();
  const first = slots.take('4712');
  expect(shared.threads[0]).toBe(4712);
  fill({ looks: 2, speeds: 30 });
  first?.ends();
  expect(shared.states[0]).toBe(2);
  first?.free();
  expect(shared.threads[0]).toBe(0);
  const second = slots.take('4713');
  expect([shared.threads[0], shared.states[0]]).toEqual([4713, 1]);
  expect(second?.speed()).toBeUndefined();
});

it('who asks gets a number of their own, and the loop of that core alone is woken', () => {
  const { slots, shared } = opened();
  expect([slots.ask(1), slots.ask(1)]).toEqual([1, 2]);
  expect([...shared.asked, ...shared.wake]).toEqual([0, 2, 0, 2]);
  slots.wakeAll();
  expect([...shared.wake]).toEqual([1, 3]);
});
