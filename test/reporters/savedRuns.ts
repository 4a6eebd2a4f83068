import { comparedRun } from '../../src/advice/comparedRun.ts';
import { blendedOf, judgedCallsOf } from '../../src/analysis/rows.ts';
import { sameConfiguration } from '../../src/model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../../src/model/run.ts';
import { decided, emptyRow, exact, measuredRow, projectedRow, run } from './buildRun.ts';

/** The runs of fixtures/runs. Each shows what the reporters have to cope with. */

/** One thread of work: dearer above one vCPU, about equally dear below, so most sizes tie. */
export function awsRun(): TuningResult {
  return run({
    configurations: [
      measuredRow({ memoryMb: 512, architecture: 'x86_64', meanMs: 538, initMs: 188 }),
      measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 273, initMs: 181 }),
      measuredRow({ memoryMb: 1769, architecture: 'x86_64', meanMs: 161, initMs: 179, spread: 0.08 }),
      measuredRow({ memoryMb: 3008, architecture: 'x86_64', meanMs: 159, initMs: 176, spread: 0.08 }),
      measuredRow({ memoryMb: 512, architecture: 'arm64', meanMs: 551, initMs: 201 }),
      measuredRow({ memoryMb: 1024, architecture: 'arm64', meanMs: 281, initMs: 192, spread: 0.08 }),
      measuredRow({ memoryMb: 1769, architecture: 'arm64', meanMs: 163, initMs: 190, spread: 0.12 }),
      measuredRow({ memoryMb: 3008, architecture: 'arm64', meanMs: 162, initMs: 191, spread: 0.08 }),
    ],
  });
}

/**
 * Compared with 5 % cold starts: whoever reads it must not take the figures for those of warm calls. Mixed as the program mixes; one
 * size was called so often that its p95 has a bound, the others have none.
 */
function mixtureRun(): TuningResult {
  const base = awsRun();
  const coldShare = 0.05;
  const calledOften = { memoryMb: 1024, architecture: 'x86_64' } as const;
  const mixed: TuningResult = {
    ...base,
    options: { ...base.options, coldStarts: 20, coldShare },
    configurations: base.configurations.map((row) =>
      sameConfiguration(row, calledOften)
        ? measuredRow({ ...calledOften, meanMs: 273, initMs: 181, count: 80, environments: 20 })
        : row,
    ),
  };
  const { judgement } = comparedRun(mixed);
  return decided({
    ...mixed,
    configurations: mixed.configurations.map((row): ConfigurationResult => {
      const scatter = {
        costs: judgement.costs.hosts[row.architecture],
        durations: judgement.durations.hosts[row.architecture],
      };
      const { costUsd, meanMs, p95Ms } = blendedOf(judgedCallsOf(row, []), base.options.payloads, coldShare, scatter);
      return {
        ...row,
        blended: {
          coldShare,
          costUsd: { mean: exact(costUsd.mean), low: exact(costUsd.low), high: exact(costUsd.high) },
          meanMs: exact(meanMs),
          p95Ms,
        },
      };
    }),
  });
}

/** A folder on a machine without cgroups: modelled durations, the other architecture as prices only, few samples. */
export function localRun(): TuningResult {
  const measured = [
    measuredRow({ memoryMb: 128, architecture: 'x86_64', meanMs: 812, count: 10, environments: 1, usedMb: 61 }),
    measuredRow({ memoryMb: 512, architecture: 'x86_64', meanMs: 201, count: 10, environments: 1, usedMb: 62 }),
    measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 104, count: 10, environments: 1, usedMb: 62 }),
    measuredRow({ memoryMb: 2048, architecture: 'x86_64', meanMs: 61.4, count: 10, environments: 1, usedMb: 63 }),
  ];
  const base = run({
    configurations: [...measured, ...measured.map((row) => projectedRow(row, 'arm64'))],
  });
  return decided({
    ...base,
    backend: 'local',
    emulation: { architectures: ['x86_64'], cpu: 'modelled', cores: 2 },
    target: {
      functionName: 'hash-node',
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:hash-node',
      qualifier: '$LATEST',
      runtime: 'nodejs20.x',
      packageType: 'Zip',
      codeSha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      memoryMb: 128,
      architecture: 'x86_64',
      path: './fixtures/functions/hash-node',
    },
    options: { ...base.options, invocations: 10, concurrency: 1 },
    spend: { invocations: 44, estimatedUsd: 0, actualUsd: 0 },
    warnings: [
      { code: 'hostContended', text: 'The machine was busy for 7 % of the measuring time: repeat it when it is idle.' },
    ],
  });
}

/** What a hostile function can say, wherever it is heard. */
export const hostile =
  'x\u001b[2J\u001b[31m\u009b1m\r\n\u202e\u200b\u2028\0 <img src=x onerror=alert(1)> `code` | [a](javascript:1) @admin #12 =cmd|"/C calc"!A0 ::error::';

/** Out of memory at 128 MB, errors at 256, not called at 3,008; arm64 cannot load native code; every text is hostile. */
export function failuresRun(foreign: string = hostile): TuningResult {
  const disqualified = withErrors(
    measuredRow({ memoryMb: 256, architecture: 'x86_64', meanMs: 640, usedMb: 231 }),
    8,
    foreign,
  );
  const outOfMemory: ConfigurationResult = {
    ...emptyRow({ memoryMb: 128, architecture: 'x86_64' }, 'infeasible', `out of memory at 128 MB: ${foreign}`),
    failures: { functionError: 0, timedOut: 0, outOfMemory: 3, unreported: 0 },
    measurements: [0, 1, 2].map((index) => ({
      requestId: `=req-${index}`,
      startedAt: `2026-11-23T09:30:0${index}.000Z`,
      environment: foreign,
      payload: `+${foreign}`,
      start: 'cold',
      outcome: 'outOfMemory',
      errorType: `-${foreign}`,
      errorMessage: `@${foreign}`,
      durationMs: 1210.4,
      billedDurationMs: 1400,
      initDurationMs: 189.1,
      maxMemoryUsedMb: 128,
      costUsd: 0.00000311667,
    })),
  };
  const base = run({
    configurations: [
      outOfMemory,
      disqualified,
      measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 171, usedMb: 240 }),
      measuredRow({ memoryMb: 2048, architecture: 'x86_64', meanMs: 98.2, usedMb: 241 }),
      emptyRow({ memoryMb: 3008, architecture: 'x86_64' }, 'unmeasured', 'above the limit of this account'),
      ...[128, 256, 1024, 2048, 3008].map((memoryMb) =>
        emptyRow({ memoryMb, architecture: 'arm64' }, 'infeasible', `cannot run on arm64: ${foreign}`),
      ),
    ],
  });
  return decided({
    ...base,
    runId: foreign,
    target: {
      ...base.target,
      functionName: `--><script>'; rm -rf ~ #${foreign}`,
      functionArn: foreign,
      qualifier: `live${foreign}`,
      runtime: foreign,
      codeSha256: foreign,
      memoryMb: 256,
      region: `us-east-1${foreign}`,
    },
    costModel: { ...base.costModel, region: foreign, asOf: foreign },
    warnings: [{ code: foreign, text: `=The function printed: ${foreign}` }],
  });
}

/** Stopped by Ctrl-C, with one sample here, none there, and two things that could not be removed. */
export function interruptedRun(): TuningResult {
  const base = run({
    configurations: [
      measuredRow({ memoryMb: 256, architecture: 'x86_64', meanMs: 48.3, count: 4, usedMb: 88 }),
      measuredRow({ memoryMb: 512, architecture: 'x86_64', meanMs: 44.1, count: 1, environments: 1, usedMb: 88 }),
      emptyRow({ memoryMb: 1024, architecture: 'x86_64' }, 'unmeasured', 'the run was interrupted'),
      emptyRow({ memoryMb: 2048, architecture: 'x86_64' }, 'unmeasured', 'the run was interrupted'),
    ],
  });
  return decided({
    ...base,
    ended: 'interrupted',
    finishedAt: '2026-11-23T09:30:09.400Z',
    options: { ...base.options, architectures: ['x86_64'] },
    target: { ...base.target, functionName: 'orders', memoryMb: 512 },
    spend: { invocations: 8, estimatedUsd: 0.0000413, actualUsd: 0.00000512, throttles: 2 },
    warnings: [
      {
        code: 'stillRunning',
        text: '2 invocations may still run, until 09:30:39 at most; they are counted at their timeout.',
      },
    ],
    leftBehind: [
      {
        kind: 'function',
        name: 'arn:aws:lambda:us-east-1:123456789012:function:tune-3fk29a-x86_64-0-orders',
        region: 'us-east-1',
        reason: 'AccessDeniedException: not authorized to perform lambda:DeleteFunction',
        command: 'aws lambda delete-function --region us-east-1 --function-name tune-3fk29a-x86_64-0-orders',
      },
      {
        kind: 'logGroup',
        name: '/aws/lambda/tune-3fk29a',
        region: 'us-east-1',
        reason: 'a function of the run still writes to it',
        command: 'aws logs delete-log-group --region us-east-1 --log-group-name /aws/lambda/tune-3fk29a',
      },
    ],
  });
}

function withErrors(row: ConfigurationResult, errors: number, foreign: string): ConfigurationResult {
  const measurements = row.measurements.map((one, index) =>
    one.outcome === 'succeeded' && index >= row.measurements.length - errors
      ? { ...one, outcome: 'functionError' as const, errorType: 'Error', errorMessage: foreign }
      : one,
  );
  return {
    ...row,
    status: 'disqualified',
    reason: `${errors} of ${row.measurements.length} invocations failed (limit 10 %): ${foreign}`,
    failures: { ...row.failures, functionError: errors },
    measurements,
  };
}

export const savedRuns = {
  aws: awsRun,
  mixture: mixtureRun,
  local: localRun,
  failures: failuresRun,
  interrupted: interruptedRun,
} as const;
