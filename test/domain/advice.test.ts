import { describe, expect, it } from 'vitest';
import { type Advice, advise } from '../../src/domain/advice.ts';
import { applySteps } from '../../src/domain/applySteps.ts';
import { costDifference } from '../../src/domain/costDifference.ts';
import { recommend } from '../../src/domain/judgedFigures.ts';
import type { Choice, ConfigurationResult, TuningResult } from '../../src/domain/result.ts';
import { shellQuote } from '../../src/domain/shellQuote.ts';
import type { Statement } from '../../src/domain/statements.ts';
import { run } from '../reporters/buildRun.ts';
import { awsRun, failuresRun, interruptedRun, localRun } from '../reporters/savedRuns.ts';

function statement<Kind extends Statement['kind']>(
  { statements }: Advice,
  kind: Kind,
): Extract<Statement, { kind: Kind }> | undefined {
  return statements.find((one): one is Extract<Statement, { kind: Kind }> => one.kind === kind);
}

const kinds = (result: TuningResult) => advise(result).statements.map(({ kind }) => kind);

/** A measured row with literal figures; costs in US$ per million. */
function row(memoryMb: number, perMillion: number, meanMs: number, options: { margin?: number; usedMb?: number } = {}) {
  const { margin = 0.05, usedMb = 90 } = options;
  const durationMs = { mean: meanMs, p50: meanMs, p90: null, p95: null, p99: null, min: meanMs, max: meanMs };
  return {
    memoryMb,
    architecture: 'x86_64',
    status: 'measured',
    warm: {
      count: 20,
      durationMs,
      billedDurationMs: { mean: meanMs },
      maxMemoryUsedMb: usedMb,
      costUsd: { mean: perMillion / 1e6, low: (perMillion - margin) / 1e6, high: (perMillion + margin) / 1e6 },
    },
    failures: { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 },
    measurements: [],
  } satisfies ConfigurationResult;
}

function choice(memoryMb: number, ...tied: number[]): Choice {
  return {
    memoryMb,
    architecture: 'x86_64',
    tiedWith: tied.map((one) => ({ memoryMb: one, architecture: 'x86_64' as const })),
  };
}

/** The target has 1,024 MB on x86_64. */
function result(configurations: ConfigurationResult[], cheapest: Choice, fastest: Choice = cheapest): TuningResult {
  return run({ configurations, cheapest, fastest, balanced: null });
}

describe('the verdict', () => {
  it('names the cheapest, those tied with it, and the fastest of those', () => {
    const cheapest = statement(advise(awsRun()), 'cheapest');
    expect(cheapest?.pick).toMatchObject({ memoryMb: 512, architecture: 'arm64' });
    expect(cheapest?.tied.map(({ memoryMb }) => memoryMb)).toEqual([1024, 1769]);
    expect(cheapest?.faster?.figures).toMatchObject({ memoryMb: 1769, architecture: 'arm64' });
    expect(cheapest?.faster?.savedTimeShare).toBeCloseTo(0.7, 2);
  });

  it('points out no faster one where the difference is not worth naming', () => {
    const tied = result([row(512, 3, 100), row(1024, 3.05, 98)], choice(512, 1024));
    expect(statement(advise(tied), 'cheapest')?.faster).toBeUndefined();
  });

  it('names the cheapest of those equally fast, and what it costs more than the cheapest', () => {
    const advice = advise(
      result([row(512, 3, 100), row(1769, 3.6, 40), row(3008, 6, 40)], choice(512), choice(1769, 3008)),
    );
    const fastest = statement(advice, 'fastest');
    expect(fastest?.pick.memoryMb).toBe(1769);
    expect(fastest?.tied.map(({ memoryMb }) => memoryMb)).toEqual([3008]);
    expect(fastest?.extraCostShare).toBeCloseTo(0.2, 10);
  });

  it('says what the current setting costs more, with the interval of the difference', () => {
    const current = statement(
      advise(result([row(512, 3, 100), row(1024, 4, 60)], choice(512), choice(1024))),
      'current',
    );
    expect(current?.standing).toMatchObject({ kind: 'dearer', savingShare: expect.closeTo(0.25, 10) });
    const saving = current?.standing.kind === 'dearer' ? current.standing.saving : undefined;
    expect((saving?.meanUsd ?? 0) * 1e6).toBeCloseTo(1, 10);
    expect((saving?.marginUsd ?? 0) * 1e6).toBeCloseTo(Math.SQRT2 * 0.05, 10);
  });

  it('calls the current setting tied when the analysis does, whatever the means', () => {
    const current = statement(advise(result([row(512, 3, 100), row(1024, 3.4, 99)], choice(512, 1024))), 'current');
    expect(current?.standing.kind).toBe('tied');
  });

  it('claims no saving against a setting that was not measured', () => {
    const notPlanned = advise(result([row(512, 3, 100)], choice(512)));
    expect(statement(notPlanned, 'current')?.standing).toEqual({ kind: 'notMeasured', status: 'notPlanned' });
    const failed: ConfigurationResult = { ...row(1024, 1, 1), status: 'disqualified', reason: 'errors' };
    const rejected = advise(result([row(512, 3, 100), failed], choice(512)));
    expect(statement(rejected, 'current')?.standing).toEqual({ kind: 'notMeasured', status: 'rejected' });
  });

  it('has no current setting for a path', () => {
    expect(kinds(localRun())).not.toContain('current');
  });

  it('says when nothing could be measured, and recommends nothing', () => {
    const advice = advise(result([{ ...row(512, 1, 1), status: 'disqualified', reason: 'errors' }], null));
    expect(advice.statements.map(({ kind }) => kind)).toEqual(['nothingMeasured', 'rejected']);
    expect(advice.apply).toBeUndefined();
  });

  it('judges by cold starts where no call was warm', () => {
    const { warm, ...rest } = row(512, 3, 100);
    const cold = advise(result([{ ...rest, cold: warm }], choice(512)));
    expect(statement(cold, 'cheapest')?.pick.meanMs).toBe(100);
  });

  it('groups what failed by reason, and says when it is a whole architecture', () => {
    const rejected = advise(failuresRun('boom')).statements.filter((one) => one.kind === 'rejected');
    expect(rejected).toEqual([
      {
        kind: 'rejected',
        status: 'infeasible',
        architecture: 'x86_64',
        memoryMb: [128],
        isWholeArchitecture: false,
        cause: 'outOfMemory',
        reason: 'out of memory at 128 MB: boom',
      },
      {
        kind: 'rejected',
        status: 'disqualified',
        architecture: 'x86_64',
        memoryMb: [256],
        isWholeArchitecture: false,
        cause: 'functionError',
        reason: '8 of 22 invocations failed (limit 10 %): boom',
      },
      {
        kind: 'rejected',
        status: 'unmeasured',
        architecture: 'x86_64',
        memoryMb: [3008],
        isWholeArchitecture: false,
        cause: 'notCalled',
        reason: 'above the limit of this account',
      },
      {
        kind: 'rejected',
        status: 'infeasible',
        architecture: 'arm64',
        memoryMb: [128, 256, 1024, 2048, 3008],
        isWholeArchitecture: true,
        cause: 'notCalled',
        reason: 'cannot run on arm64: boom',
      },
    ]);
  });

  it('names the cheapest projected row apart, and never chooses it', () => {
    const advice = advise(localRun());
    expect(statement(advice, 'projected')?.rows.configuration).toEqual({ memoryMb: 512, architecture: 'arm64' });
    expect(statement(advice, 'recommendation')?.pick.architecture).toBe('x86_64');
  });

  it('says first that a run did not end as planned', () => {
    expect(advise(interruptedRun()).statements[0]).toEqual({
      kind: 'ended',
      ended: 'interrupted',
      unmeasured: 2,
      planned: 4,
    });
  });

  it('says of a dry run only that it was one', () => {
    const dry: TuningResult = {
      ...result([{ ...row(512, 1, 1), status: 'unmeasured', reason: 'dry run' }], null),
      ended: 'dryRun',
    };
    expect(kinds(dry)).toEqual(['ended']);
  });

  it('says that a local run was local, and that its durations are modelled', () => {
    expect(statement(advise(localRun()), 'local')).toEqual({
      kind: 'local',
      cpu: 'modelled',
      cores: 2,
      priceRegion: 'us-east-1',
    });
    expect(kinds(awsRun())).not.toContain('local');
  });
});

describe('what is recommended', () => {
  const pickOf = (given: TuningResult) => {
    const recommendation = recommend(given);
    return recommendation && [recommendation.pick.memoryMb, recommendation.why];
  };

  it('is the fastest of those tied for cheapest', () => {
    expect(pickOf(result([row(512, 3, 100), row(1769, 3.05, 40)], choice(512, 1769)))).toEqual([1769, 'fastestOfTied']);
  });

  it('is the cheapest of those about as fast', () => {
    const rows = [row(512, 3, 100), row(1769, 3.05, 40), row(2048, 3.02, 41)];
    expect(pickOf(result(rows, choice(512, 1769, 2048)))).toEqual([2048, 'fastestOfTied']);
    expect(pickOf(result([row(512, 3, 100), row(768, 3.05, 99)], choice(512, 768)))).toEqual([512, 'cheapest']);
  });

  it('is the current setting where nothing is clearly better', () => {
    const rows = [row(512, 3, 100), row(1024, 3.08, 99)];
    expect(pickOf(result(rows, choice(512, 1024)))).toEqual([1024, 'currentIsAsGood']);
    expect(advise(result(rows, choice(512, 1024))).apply).toBeUndefined();
  });
});

describe('the recommendation against the current setting', () => {
  it('claims no difference in speed or cost between two that are tied in it', () => {
    const tiedInSpeed = result([row(512, 3, 100), row(1024, 4, 90)], choice(512), choice(512, 1024));
    const savings = statement(advise(tiedInSpeed), 'recommendation')?.againstCurrent;
    expect(savings).toEqual({ savingShare: expect.closeTo(0.25, 10) });
    const tiedInCost = result([row(512, 3, 40), row(1024, 3.1, 100)], choice(512, 1024), choice(512));
    expect(statement(advise(tiedInCost), 'recommendation')?.againstCurrent).toEqual({ savedTimeShare: 0.6 });
  });
});

describe('hints', () => {
  const hints = (rows: ConfigurationResult[], cheapest: Choice, fastest: Choice = cheapest) =>
    advise(result(rows, cheapest, fastest)).statements.flatMap((one) => (one.kind === 'hint' ? [one.hint.kind] : []));

  it('finds a single core where nothing is gained above one vCPU', () => {
    expect(hints([row(512, 3, 350), row(1769, 3, 100), row(3008, 5, 99)], choice(1769))).toEqual(['singleCore']);
    expect(hints([row(512, 3, 350), row(1769, 3, 100), row(3008, 3, 60)], choice(3008))).toEqual([]);
  });

  it('finds a function that waits', () => {
    expect(hints([row(256, 1, 101), row(1769, 6, 100)], choice(256))).toEqual(['waiting']);
  });

  it('finds a current setting that is larger than it needs', () => {
    expect(hints([row(768, 2.3, 100), row(1024, 3, 100)], choice(768))).toEqual(['overProvisioned']);
    expect(hints([row(512, 2.3, 150), row(1024, 3, 100)], choice(512), choice(1024))).toEqual(['caller']);
  });

  it('warns of a pick that is nearly full', () => {
    expect(hints([row(128, 1, 100, { usedMb: 117 })], choice(128))).toEqual(['tightMemory']);
  });

  it('leaves cost or speed to who calls, unless one size is both', () => {
    expect(hints([row(256, 2, 100), row(512, 2.4, 55)], choice(256), choice(512))).toEqual(['caller']);
    expect(hints([row(256, 2, 100), row(512, 2.4, 55)], choice(256, 512), choice(512))).toEqual([]);
  });
});

describe('how to apply it', () => {
  it('changes the memory with the configuration call alone', () => {
    expect(applySteps(awsRun(), { memoryMb: 512, architecture: 'x86_64' })).toEqual({
      commands: [
        [
          'aws',
          'lambda',
          'update-function-configuration',
          '--function-name',
          'thumbnails',
          '--region',
          'us-east-1',
          '--memory-size',
          '512',
        ],
      ],
      settings: [
        { tool: 'SAM', lines: ['MemorySize: 512'] },
        { tool: 'Terraform', lines: ['memory_size = 512'] },
      ],
    });
  });

  it('changes the architecture with the code, and waits before the memory', () => {
    const steps = applySteps(awsRun(), { memoryMb: 512, architecture: 'arm64' });
    expect(steps?.commands.map((command) => command.slice(2).join(' '))).toEqual([
      'update-function-code --function-name thumbnails --region us-east-1 --architectures arm64 --zip-file fileb://function-arm64.zip',
      'wait function-updated-v2 --function-name thumbnails --region us-east-1',
      'update-function-configuration --function-name thumbnails --region us-east-1 --memory-size 512',
    ]);
    expect(steps?.needsCodeFor).toBe('arm64');
  });

  it('says that a version or alias does not follow by itself', () => {
    const alias = awsRun();
    expect(
      applySteps(
        { ...alias, target: { ...alias.target, qualifier: 'live' } },
        { memoryMb: 512, architecture: 'x86_64' },
      )?.qualifier,
    ).toBe('live');
  });

  it('names settings but no command where nothing is deployed on AWS', () => {
    expect(applySteps(localRun(), { memoryMb: 512, architecture: 'x86_64' })).toEqual({
      commands: [],
      settings: [
        { tool: 'SAM', lines: ['MemorySize: 512', 'Architectures: [x86_64]'] },
        { tool: 'Terraform', lines: ['memory_size = 512', 'architectures = ["x86_64"]'] },
      ],
    });
  });

  it('quotes for a shell only where it must', () => {
    expect(shellQuote('orders-2_x')).toBe('orders-2_x');
    expect(shellQuote("it's $HOME; rm -rf ~")).toBe("'it'\\''s $HOME; rm -rf ~'");
    expect(shellQuote('')).toBe("''");
    expect(shellQuote('a\nb')).toBe("'a\nb'");
  });
});

describe('the difference of two costs', () => {
  it('keeps the skew of both intervals', () => {
    const difference = costDifference({ mean: 5, low: 4, high: 8 }, { mean: 3, low: 2.9, high: 3.1 });
    expect(difference.meanUsd).toBe(2);
    expect(difference.marginUsd).toBeCloseTo(Math.hypot(3, 0.1), 12);
  });

  it('has no interval where one of the two has none', () => {
    expect(costDifference({ mean: 5, low: 5, high: 5 }, { mean: 3, low: 2.9, high: 3.1 })).toEqual({ meanUsd: 2 });
  });
});
