import { describe, expect, it } from 'vitest';
import { coresNeeded, createAdmission } from '../../../src/local/service/admission.ts';

describe('coresNeeded', () => {
  it.each([
    [1769, false, 2, 1],
    [884.5, false, 2, 0.5],
    [128, true, 2, 1],
    [10240, false, 2, 2],
    [3538, true, 4, 2],
  ])('%d MB, cold %s, on %d cores counts %d', (memoryMb, cold, cores, expected) => {
    expect(coresNeeded(memoryMb, cold, cores)).toBe(expected);
  });
});

describe('createAdmission', () => {
  it('starts what fits and lets the rest wait in order, also past smaller ones', async () => {
    const admission = createAdmission(2);
    const started: string[] = [];
    const enter = async (name: string, share: number) => {
      const leave = await admission.admit(share);
      started.push(name);
      return leave;
    };
    const first = enter('first', 1);
    const second = enter('second', 0.5);
    const large = enter('large', 2);
    const small = enter('small', 0.1);
    const leaveFirst = await first;
    const leaveSecond = await second;
    expect(started).toEqual(['first', 'second']);
    expect(admission.load().waiting).toBe(2);
    leaveFirst();
    leaveFirst();
    await Promise.resolve();
    expect(started).toEqual(['first', 'second']);
    leaveSecond();
    (await large)();
    (await small)();
    expect(started).toEqual(['first', 'second', 'large', 'small']);
    expect(admission.load()).toEqual({ cores: 0, waiting: 0 });
  });

  it('lets shares that add up to the cores in, whatever floating point makes of them', async () => {
    const admission = createAdmission(1);
    for (let index = 0; index < 10; index += 1) await admission.admit(0.1);
    expect(admission.load().waiting).toBe(0);
  });

  it('never lets one wait for more than there is', async () => {
    (await createAdmission(1).admit(6))();
  });
});
