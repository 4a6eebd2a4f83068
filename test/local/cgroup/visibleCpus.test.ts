import { expect, it } from 'vitest';
import { cpusInTurn, cpusOf } from '../../../src/local/cgroup/visibleCpus.ts';
import { visibleCpus } from '../../../src/model/lambda/vcpus.ts';

it('shows as many CPUs as Lambda does at each size', () => {
  expect([128, 1769, 3008, 3009, 5307, 5308, 7076, 7077, 8845, 8846, 10_240].map(visibleCpus)).toEqual([
    2, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6,
  ]);
});

it('takes the CPUs of a machine that has more in turn, and all of one that has no more', () => {
  const five = [0, 1, 2, 3, 5];
  expect(cpusInTurn(128, five, 0)).toEqual([0, 1]);
  expect(cpusInTurn(128, five, 1)).toEqual([2, 3]);
  expect(cpusInTurn(128, five, 2)).toEqual([5, 0]);
  expect(cpusInTurn(10_240, five, 0)).toBe('all');
  expect(cpusInTurn(128, [0, 1], 0)).toBe('all');
  expect(cpusInTurn(128, [], 0)).toBe('all');
});

it('reads lists of CPUs as the kernel writes them', () => {
  expect([cpusOf('0-2,5'), cpusOf('3'), cpusOf(''), cpusOf('a-b')]).toEqual([[0, 1, 2, 5], [3], [0], []]);
});
