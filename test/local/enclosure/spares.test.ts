import { expect, it } from 'vitest';
import { createSpares } from '../../../src/local/enclosure/spares.ts';

function spareNumbers() {
  const bad = new Set<number>();
  const removed: number[] = [];
  let made = 0;
  const make = async () => {
    made += 1;
    return made;
  };
  const spares = createSpares<number>({
    isGood: (number) => !bad.has(number),
    remove: async (number) => {
      removed.push(number);
    },
  });
  return { spares, make, bad, removed, count: () => made };
}

it('makes one ahead of each kind, and gives it to one alone', async () => {
  const { spares, make, count } = spareNumbers();
  expect(await spares.take('a', make)).toBe(1);
  spares.prepare('a', make);
  spares.prepare('a', make);
  expect(count()).toBe(2);
  expect(await spares.take('b', make)).toBe(3);
  expect(await Promise.all([spares.take('a', make), spares.take('a', make)])).toEqual([2, 4]);
});

it('replaces one that is no good any more, and one that could not be made', async () => {
  const { spares, make, bad, removed } = spareNumbers();
  spares.prepare('a', make);
  bad.add(1);
  expect(await spares.take('a', make)).toBe(2);
  await spares.close();
  expect(removed).toEqual([1]);

  const other = spareNumbers();
  other.spares.prepare('a', () => Promise.reject(new Error('in the way')));
  expect(await other.spares.take('a', other.make)).toBe(1);
});

it('keeps the kinds that were asked for last', async () => {
  const { spares, make, removed } = spareNumbers();
  for (const kind of ['a', 'b', 'c', 'd', 'e']) spares.prepare(kind, make);
  expect(await spares.take('b', make)).toBe(2);
  expect(await spares.take('a', make)).toBe(6);
  expect(removed).toEqual([1]);
});

it('removes at the end what nobody took, and makes none after it', async () => {
  const { spares, make, removed, count } = spareNumbers();
  spares.prepare('a', make);
  spares.prepare('b', make);
  await spares.close();
  expect(removed).toEqual([1, 2]);
  spares.prepare('c', make);
  expect(count()).toBe(2);
});
