import { describe, expect, it } from 'vitest';
import { type Advice, advise } from '../../src/advice/advice.ts';
import { applySteps } from '../../src/advice/applySteps.ts';
import type { Statement } from '../../src/advice/statements.ts';
import type { ConfigurationResult, TuningResult } from '../../src/model/run.ts';
import { shellQuote } from '../../src/text/shellQuote.ts';
import { run } from '../reporters/buildRun.ts';
import { awsRun, failuresRun, interruptedRun, localRun } from '../reporters/savedRuns.ts';

function statement<Kind extends Statement['kind']>(
  { statements }: Advice,
  kind: Kind,
): Extract<Statement, { kind: Kind }> | undefined {
  return statements.find((one): one is Extract<Statement, { kind: Kind }> => one.kind === kind);
}

const kinds = (result: TuningResult) => advise(result).statements.map(({ kind }) => kind);

/** A measured row whose calls have these means; costs in US$ per million. They differ by `spread`, in a fixed pattern. */
function row(
  memoryMb: number,
  perMillion: number,
  meanMs: number,
  options: { spread?: number; usedMb?: number; calls?: number } = {},
): ConfigurationResult {
  const { spread = 0.004, usedMb = 90, calls = 40 } = options;
  const measurements = Array.from({ length: calls }, (_, index) => {
    const factor = 1 + (spread / 2) * (((Math.floor(index / 4) * 7) % 5) - 2);
    return {
      requestId: `${memoryMb}-${index}`,
      startedAt: new Date(Date.UTC(2026, 10, 1) + 1000 * index).toISOString(),
      environment: `${memoryMb}-e${index % 4}`,
      start: 'warm' as const,
      outcome: 'succeeded' as const,
      durationMs: meanMs * factor,
      billedDurationMs: meanMs * factor,
      maxMemoryUsedMb: usedMb,
      costUsd: (perMillion / 1e6) * factor,
    };
  });
  const durationMs = { mean: meanMs, p50: meanMs, p90: null, p95: null, p99: null, min: meanMs, max: meanMs };
  const usd = perMillion / 1e6;
  return {
    memoryMb,
    architecture: 'x86_64',
    status: 'measured',
    warm: {
      count: calls,
      durationMs,
      billedDurationMs: { mean: meanMs },
      maxMemoryUsedMb: usedMb,
      costUsd: { mean: usd, low: usd * 0.98, high: usd * 1.02 },
    },
    failures: { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 },
    measurements,
  };
}

/** The target has 1,024 MB on x86_64. */
function result(configurations: ConfigurationResult[], given: Partial<TuningResult> = {}): TuningResult {
  return run({ configurations, ...given });
}

describe('the verdict', () => {
  it('says the answer first', () => {
    expect(kinds(awsRun())[0]).toBe('answer');
    expect(kinds(localRun())[0]).toBe('answer');
    expect(kinds(interruptedRun()).slice(0, 2)).toEqual(['answer', 'ended']);
  });

  it('calls nothing equal to the cheapest that a few environments cannot tell', () => {
    const rows = [
      row(512, 3, 100),
      row(768, 3.01, 99),
      row(896, 3.15, 98, { spread: 0.3, calls: 20 }),
      row(2048, 5, 90),
    ];
    const cheapest = statement(advise(result(rows)), 'cheapest');
    expect(cheapest?.pick.memoryMb).toBe(512);
    expect(cheapest?.ties).toMatchObject({ tolerance: 0.03, calls: { least: 20, most: 40 } });
    // What environments differ by is more than the tolerance leaves room for: more calls of the same would not tell.
    expect(cheapest?.ties.moreCalls).toBeUndefined();
    expect(cheapest?.ties.equal).toEqual([]);
    expect(cheapest?.ties.notToldApart.map(({ memoryMb }) => memoryMb)).toEqual([896, 768]);
  });

  it('names the cheapest of those told apart as equally fast, and what it costs more than the cheapest', () => {
    const fastest = statement(advise(result([row(512, 3, 100), row(1769, 3.6, 40.1), row(3008, 6, 40)])), 'fastest');
    expect(fastest?.pick.memoryMb).toBe(1769);
    expect(fastest?.ties.equal.map(({ memoryMb }) => memoryMb)).toEqual([3008]);
    expect(fastest?.cost).toEqual({ extraShare: expect.closeTo(0.2, 10) });
  });

  it('says what the current setting costs more, with the interval of the difference', () => {
    const current = statement(advise(result([row(512, 3, 100), row(1024, 4, 60)])), 'current');
    const standing = current?.standing;
    if (standing?.kind !== 'dearer') throw new Error('it is dearer');
    expect(standing.savingUsd * 1e6).toBeCloseTo(1, 10);
    expect(standing.saving.share).toBeCloseTo(0.25, 10);
    expect(standing.saving.low).toBeGreaterThan(0.2);
    expect(standing.saving.high).toBeLessThan(0.3);
  });

  it('calls the current setting tied where it is, and how', () => {
    const rows = [row(512, 3, 100), row(1024, 3.2, 99, { spread: 0.3, calls: 20 })];
    expect(statement(advise(result(rows)), 'current')?.standing).toMatchObject({ kind: 'tied', tie: 'notToldApart' });
  });

  it('says of a current setting above the limit on latency that it is not compared', () => {
    const slow: ConfigurationResult = { ...row(1024, 2, 300), latency: 'broken' };
    const given = result([row(2048, 3, 100), slow]);
    expect(statement(advise(given), 'current')?.standing.kind).toBe('breaksLimit');
    expect(given.answer).toMatchObject({
      kind: 'change',
      configuration: { memoryMb: 2048 },
      because: 'currentBreaksLimit',
    });
  });

  it('claims no saving against a setting that was not measured', () => {
    const notPlanned = advise(result([row(512, 3, 100)]));
    expect(statement(notPlanned, 'current')?.standing).toEqual({ kind: 'notMeasured', status: 'notPlanned' });
    const failed: ConfigurationResult = { ...row(1024, 1, 1), status: 'disqualified', reason: 'errors' };
    const rejected = advise(result([row(512, 3, 100), failed]));
    expect(statement(rejected, 'current')?.standing).toEqual({ kind: 'notMeasured', status: 'rejected' });
  });

  it('has no current setting for a path', () => {
    expect(kinds(localRun())).not.toContain('current');
  });

  it('says when nothing could be measured, and recommends nothing', () => {
    const advice = advise(result([{ ...row(512, 1, 1), status: 'disqualified', reason: 'errors' }]));
    expect(advice.statements.map(({ kind }) => kind)).toEqual(['answer', 'rejected']);
    expect(advice.apply).toBeUndefined();
  });

  it('judges by cold starts where no call was warm', () => {
    const { warm, ...rest } = row(512, 3, 100);
    const cold = advise(
      result([{ ...rest, cold: warm, measurements: rest.measurements.map((one) => ({ ...one, start: 'cold' })) }]),
    );
    expect(statement(cold, 'cheapest')?.pick.meanMs).toBe(100);
  });

  it('groups what failed by reason, and says when it is a whole architecture', () => {
    const rejected = advise(failuresRun('boom')).statements.filter((one) => one.kind === 'rejected');
    expect(rejected).toEqual([
      {
        kind: 'rejected',
        status: 'infeasible',
        curve: { architecture: 'x86_64' },
        memoryMb: [128],
        isWholeCurve: false,
        cause: 'outOfMemory',
        reason: 'out of memory at 128 MB: boom',
      },
      {
        kind: 'rejected',
        status: 'disqualified',
        curve: { architecture: 'x86_64' },
        memoryMb: [256],
        isWholeCurve: false,
        cause: 'functionError',
        reason: '8 of 22 invocations failed (limit 10 %): boom',
      },
      {
        kind: 'rejected',
        status: 'unmeasured',
        curve: { architecture: 'x86_64' },
        memoryMb: [3008],
        isWholeCurve: false,
        cause: 'notCalled',
        reason: 'above the limit of this account',
      },
      {
        kind: 'rejected',
        status: 'infeasible',
        curve: { architecture: 'arm64' },
        memoryMb: [128, 256, 1024, 2048, 3008],
        isWholeCurve: true,
        cause: 'notCalled',
        reason: 'cannot run on arm64: boom',
      },
    ]);
  });

  it('names the cheapest projected row apart, and never chooses it', () => {
    const advice = advise(localRun());
    expect(statement(advice, 'projected')?.rows.configuration).toEqual({ memoryMb: 512, architecture: 'arm64' });
    expect(localRun().answer.configuration?.architecture).toBe('x86_64');
  });

  it('says at once that a run did not end as planned', () => {
    expect(statement(advise(interruptedRun()), 'ended')).toEqual({
      kind: 'ended',
      ended: 'interrupted',
      unmeasured: 2,
      planned: 4,
    });
  });

  it('says of a dry run only that it was one', () => {
    const dry = result([{ ...row(512, 1, 1), status: 'unmeasured', reason: 'dry run' }], { ended: 'dryRun' });
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
    expect(kinds({ ...localRun(), ended: 'dryRun' })).not.toContain('local');
  });
});

describe('hints', () => {
  const hints = (rows: ConfigurationResult[], given: Partial<TuningResult> = {}) =>
    advise(result(rows, given)).statements.flatMap((one) => (one.kind === 'hint' ? [one.hint.kind] : []));

  it('finds a single core where nothing is gained above one vCPU', () => {
    expect(hints([row(512, 3, 350), row(1769, 3, 100), row(3008, 5, 99)])).toEqual(['singleCore']);
    expect(hints([row(512, 3, 350), row(1769, 3, 100), row(3008, 3, 60)])).toEqual([]);
  });

  it('sees no single core where this machine has too few of them for the larger size', () => {
    const rows = [row(512, 3, 350), row(1769, 3, 100), row(3008, 5, 99)];
    const on = (cores: number) => ({
      emulation: { architectures: ['x86_64' as const], cpu: 'cgroup' as const, cores },
    });
    expect(hints(rows, on(2))).toEqual(['singleCore']);
    expect(hints(rows, on(1))).toEqual([]);
  });

  it('sees no single core where little is gained below one vCPU either', () => {
    expect(hints([row(512, 3, 116), row(1769, 3, 100), row(3008, 5, 100)])).toEqual(['singleCore']);
    expect(hints([row(512, 3, 114), row(1769, 3, 100), row(3008, 5, 100)])).toEqual([]);
  });

  it('finds a function that waits', () => {
    expect(hints([row(256, 1, 101), row(1769, 6, 100)])).toEqual(['waiting']);
  });

  it('finds a current setting that is larger than it needs, where the answer is a smaller one', () => {
    expect(hints([row(768, 2.3, 100), row(1024, 3, 100)])).toEqual(['overProvisioned']);
    expect(hints([row(768, 2.98, 100), row(1024, 3, 100)])).toEqual([]);
  });

  it('counts what is as fast by the tolerance of the run', () => {
    const { options } = result([]);
    const rows = [row(768, 2.3, 106), row(1024, 3, 100)];
    expect(hints(rows)).toEqual(['caller']);
    expect(hints(rows, { options: { ...options, tolerance: 0.1 } })).toEqual(['overProvisioned']);
  });

  it('warns of a pick that is nearly full', () => {
    expect(hints([row(128, 1, 100, { usedMb: 117 })])).toEqual(['tightMemory']);
  });

  it('leaves more money for less time to who waits, beside the answer', () => {
    expect(hints([row(512, 2, 100), row(1024, 2.4, 55)])).toEqual(['caller']);
    expect(hints([row(512, 2, 100), row(1024, 2.02, 55)])).toEqual([]);
  });

  it('says who calls it in place of that, and speaks of time only where a caller waits', () => {
    const rows = [row(512, 2, 100), row(1024, 2.4, 55)];
    const of = (triggers: TuningResult['target']['triggers']) =>
      advise(result(rows, { target: { ...result(rows).target, triggers } })).statements.flatMap((one) =>
        one.kind === 'hint' && one.hint.kind === 'triggers' ? [one.hint.faster?.fastest.memoryMb] : [],
      );
    expect(of([{ service: 'apigateway', kind: 'synchronous', by: 'policy' }])).toEqual([1024]);
    expect(of([{ service: 'sqs', kind: 'batches', by: 'mapping', batchSize: 10 }])).toEqual([undefined]);
    expect(of([])).toEqual([]);
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
      byHand: [],
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
      byHand: [],
    });
  });

  it('quotes for a shell only where it must', () => {
    expect(shellQuote('orders-2_x')).toBe('orders-2_x');
    expect(shellQuote("it's $HOME; rm -rf ~")).toBe("'it'\\''s $HOME; rm -rf ~'");
    expect(shellQuote('')).toBe("''");
    expect(shellQuote('a\nb')).toBe("'a\nb'");
  });
});
