import { expect, it } from 'vitest';
import { cpuNotices } from '../../../src/local/timing/cpuNotices.ts';

const ordinary = { cpu: 'cgroup', countsWaiting: true, setsCpus: true, cpus: 16 } as const;

const codesOf = (change: Partial<Parameters<typeof cpuNotices>[0]>) =>
  cpuNotices({ ...ordinary, ...change }).map(({ code }) => code);

it('an ordinary Linux machine has nothing to say, with two cores or with many', () => {
  expect(codesOf({})).toEqual([]);
  expect(codesOf({ cpu: 'modelled' })).toEqual([]);
  expect(codesOf({ cpus: 2, setsCpus: false })).toEqual([]);
});

it('what waits for a core is in the durations where the kernel does not count it', () => {
  expect(cpuNotices({ ...ordinary, countsWaiting: false })).toEqual([
    { code: 'waiting-not-counted', text: expect.stringContaining('what other programs take is in the durations') },
  ]);
});

it('modelled durations are rough where CPU time is counted in ticks alone; where nothing is modelled that says nothing', () => {
  expect(cpuNotices({ ...ordinary, cpu: 'modelled', countsWaiting: false })).toEqual([
    { code: 'waiting-not-counted', text: expect.stringContaining('steps of 10 ms') },
  ]);
  expect(codesOf({ cpu: 'none', countsWaiting: false })).toEqual([]);
});

it('functions see all CPUs of a large machine that has no taskset', () => {
  expect(cpuNotices({ ...ordinary, setsCpus: false })).toEqual([
    { code: 'cpus-not-set', text: expect.stringContaining('all 16 CPUs') },
  ]);
});
