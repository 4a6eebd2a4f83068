import { describe, expect, it } from 'vitest';
import { baselineRecipe } from '../../../src/commands/check/baselineRecipe.ts';
import { comparisonNotes } from '../../../src/commands/check/checkNotes.ts';
import { requireComparison } from '../../../src/commands/check/checkQuestion.ts';
import { withDefaults } from '../../../src/options/defaults.ts';
import type { GivenOptions } from '../../../src/options/schema.ts';

const options = (given: GivenOptions = {}) => ({ ...withDefaults('check', given), function: 'orders' });

describe('the command that makes a baseline', () => {
  it('says no more than what is not understood by itself', () => {
    expect(baselineRecipe(options(), 'base.json')).toBe('tune baseline --function orders --report json=base.json');
  });

  it('asks for the setting and the size that the check needs', () => {
    expect(
      baselineRecipe(
        options({ memory: '128' }),
        'base.json',
        { memoryMb: 512, architecture: 'arm64' },
        { samples: 100, environments: 32 },
      ),
    ).toBe(
      'tune baseline --function orders --memory 512 --architecture arm64 --invocations 100 --concurrency 32 --report json=base.json',
    );
  });

  it('holds limits as they are typed, and neither what was typed by hand nor values of the environment', () => {
    const text = baselineRecipe(
      options({
        payload: '{"card": "4111"}',
        env: { KEY: 'secret' },
        maxCostIncrease: 0.025,
        maxRate: 0.5,
        pause: 200,
        before: 'echo $SECRET',
      }),
      '-',
    );
    expect(text).toContain('--max-cost-increase 2.5% ');
    expect(text).toContain('--max-rate 30/m ');
    expect(text).toContain('--pause 200ms ');
    expect(text).toContain('--report json=base.json');
    expect(text).toContain('(and the same --before and --payload and --env)');
    expect(text).not.toMatch(/4111|secret|SECRET/);
  });

  it('is quoted for a shell', () => {
    expect(baselineRecipe(options({ payload: 'my events/a.json' }), "it's.json")).toContain(
      `--payload 'my events/a.json' --report 'json=it'\\''s.json'`,
    );
  });
});

describe('what a check compares with', () => {
  it.each([
    [{ against: 'orders:live', baseline: ['base.json'] }, 'cannot be given together'],
    [{ againstVariant: ['runtime=nodejs24.x'], against: 'orders:live' }, 'neither --against nor --baseline'],
    [{}, 'There is nothing to compare with.'],
  ] as const)('is refused where it is %j', (given, message) => {
    expect(() => requireComparison(options(given as GivenOptions))).toThrow(message);
  });

  it.each([[{ against: 'orders:live' }], [{ baseline: ['base.json'] }], [{ maxP95Ms: 250 }]] as const)(
    'is one thing, or a budget: %j',
    (given) => {
      expect(() => requireComparison(options(given as GivenOptions))).not.toThrow();
    },
  );
});

describe('what is said of a comparison before it is measured', () => {
  const side = (memoryMb: number) => ({ configuration: { memoryMb, architecture: 'arm64' as const } });
  type Compared = Parameters<typeof comparisonNotes>[0];
  const notes = (compared: object) => comparisonNotes({ current: side(512), ...compared } as unknown as Compared);

  it('is nothing of two versions at one setting', () => {
    expect(notes({ against: side(512), identical: false })).toEqual([]);
  });

  it('names each setting where they differ', () => {
    expect(notes({ against: side(1024), identical: false })).toEqual([
      'Each side is measured at its own setting: 512 MB on arm64 now, 1,024 MB on arm64 before.',
    ]);
  });

  it('says that the same code is compared, and with what', () => {
    expect(notes({ against: side(512), identical: true })[0]).toMatch(/^Both sides are the same code/);
    expect(notes({ identical: true })[0]).toMatch(/^The code is that of the baseline/);
  });

  it('says how much runs of other times are taken to differ, and whether that was learnt', () => {
    const believed = { runCv: 0.012, runDf: 4, runs: 1 };
    expect(notes({ identical: false, fixedBaseline: believed })[0]).toContain('are assumed to differ by 1.2 %');
    const learnt = { ...believed, learntFrom: 3 };
    expect(notes({ identical: false, fixedBaseline: learnt })[0]).toContain('as those of the 3 baselines');
  });
});
