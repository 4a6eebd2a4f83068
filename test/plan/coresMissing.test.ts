import { expect, it } from 'vitest';
import { coresMissing } from '../../src/plan/warnings.ts';

function saidOf(cores: number | undefined, ...memoryMb: readonly number[]): readonly string[] {
  const emulation = cores === undefined ? undefined : { architectures: ['x86_64'], cpu: 'cgroup', cores };
  return coresMissing(memoryMb, emulation).map(({ text }) => text);
}

it('says which sizes this machine has too few cores for, and what code is told that asks for their number', () => {
  expect(saidOf(2, 10_240, 5308, 128, 1769, 3008)).toEqual([
    'This machine has 2 cores. On Lambda 5,308, 10,240 MB get more vCPUs than that; here they are no faster for it. Code that asks how many CPUs there are is told 2 here, and 4 to 6 on Lambda at 5,308, 10,240 MB.',
  ]);
});

it('a size whose share this machine has can show more CPUs on Lambda', () => {
  expect(saidOf(2, 1024, 3009)).toEqual([
    'This machine has 2 cores. Code that asks how many CPUs there are is told 2 here, and 3 on Lambda at 3,009 MB.',
  ]);
  expect(saidOf(1, 128, 512)).toEqual([
    'This machine has one core. Code that asks how many CPUs there are is told 1 here, and 2 on Lambda at 128, 512 MB.',
  ]);
});

it('says nothing where the machine has as many, nor on AWS', () => {
  expect(saidOf(6, 128, 10_240)).toEqual([]);
  expect(saidOf(2, 128, 3008)).toEqual([]);
  expect(saidOf(undefined, 10_240)).toEqual([]);
});
