import type { CheckResult } from '../../src/domain/check/result.ts';

/** One function that regressed, one that could not be measured, both with foreign text wherever there is room for some. */
export function checkOf(foreign: string): CheckResult {
  const base = {
    runId: 'r1-0',
    comparison: 'against' as const,
    comparedWith: [foreign],
    samples: { baseline: 30, current: 30 },
    environments: { baseline: 5, current: 5 },
    spend: { invocations: 70, actualUsd: 0.0001 },
    notes: [foreign],
    warnings: [{ code: foreign, text: foreign }],
  };
  return {
    schemaVersion: 1,
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: 'r1',
    startedAt: '2026-11-23T09:30:00.000Z',
    finishedAt: '2026-11-23T09:31:00.000Z',
    backend: 'aws',
    verdict: 'regressed',
    configFile: foreign,
    functions: [
      {
        ...base,
        function: `=${foreign}`,
        verdict: 'regressed',
        memoryMb: 512,
        architecture: 'arm64',
        metrics: [
          {
            name: 'cost',
            kind: 'increase',
            limit: 0.1,
            baseline: 0.000002,
            current: 0.000003,
            ratio: { estimate: 0.5, low: 0.4, high: 0.6 },
            verdict: 'regressed',
            warned: false,
            required: true,
          },
        ],
        acceptedRegression: foreign,
        configLine: 7,
      },
      {
        ...base,
        function: `-${foreign}`,
        verdict: null,
        metrics: [],
        error: { code: foreign, message: `@${foreign}`, hint: `+${foreign}` },
      },
    ],
    leftBehind: [
      { kind: 'function', name: foreign, region: foreign, reason: foreign, command: 'aws lambda delete-function' },
    ],
  };
}
