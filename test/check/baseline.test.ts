import { describe, expect, it } from 'vitest';
import { baselineOf, type CheckedNow } from '../../src/check/baseline.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { awsRun } from '../reporters/savedRuns.ts';

const saved = awsRun();
const [row] = saved.configurations;
if (row === undefined) throw new Error('the saved run holds no configuration');

const measured: TuningResult = { ...saved, target: { ...saved.target, codeSha256: 'same' } };

/** The same function and settings, with the hooks that are given. */
function now(hooks: TuningResult['options']['hooks']): CheckedNow {
  const { runtime, timeoutS, ephemeralStorageMb } = saved.target;
  return {
    facts: { runtime, timeoutS, ephemeralStorageMb, codeSha256: 'same' } as CheckedNow['facts'],
    configuration: { memoryMb: row?.memoryMb ?? 0, architecture: row?.architecture ?? 'x86_64' },
    costModel: saved.costModel,
    recorded: { ...saved.options, hooks },
    recipe: (file) => `tune baseline --report json=${file}`,
  };
}

describe('hooks of a baseline file', () => {
  it('that differ from those of now are said, and it is not the same measurement then', () => {
    const { notes, isSameCode } = baselineOf([{ shown: 'base.json', run: measured }], now({ before: 'command' }), []);
    expect(notes).toEqual([
      'The hooks differ: the baseline was measured with none, now with --before (a command). What they prepare may be what the figures differ by.',
    ]);
    expect(isSameCode).toBe(false);
  });

  it('that the file has and now has not are said, too', () => {
    const hooks = { after: 'function', beforeRun: 'command' } as const;
    const run = { ...measured, options: { ...measured.options, hooks } };
    expect(baselineOf([{ shown: 'base.json', run }], now(undefined), []).notes).toEqual([
      'The hooks differ: the baseline was measured with --after (a function), --before-run (a command), now with none. What they prepare may be what the figures differ by.',
    ]);
  });

  it('that are the same are no difference', () => {
    const run = { ...measured, options: { ...measured.options, hooks: { before: 'command' } as const } };
    const found = baselineOf([{ shown: 'base.json', run }], now({ before: 'command' }), []);
    expect(found).toMatchObject({ notes: [], isSameCode: true });
  });
});
