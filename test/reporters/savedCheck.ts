import type { CheckResult } from '../../src/model/check.ts';

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

/** Five functions in the order of their names: passed, open, regressed, regressed by more, not measured; with budgets. */
export function fleetOf(foreign: string): CheckResult {
  const check = checkOf(foreign);
  const [one, failed] = check.functions;
  const cost = one?.metrics[0];
  if (one === undefined || failed === undefined || cost === undefined) throw new Error('no function');
  const { acceptedRegression: _accepted, ...plain } = one;
  const p95 = { ...cost, name: 'p95' as const, kind: 'budget' as const, limit: 250, ratio: null, baseline: 180 };
  const { error = { code: 'X', message: 'x' } } = failed;
  const functions: CheckResult['functions'] = [
    {
      ...plain,
      function: `a-passed-${foreign}`,
      verdict: 'passed',
      metrics: [
        { ...cost, verdict: 'passed', ratio: { estimate: 1.01, low: 0.97, high: 1.05 } },
        { ...p95, verdict: 'passed', current: 200, interval: { estimate: 200, low: 180, high: 230 } },
      ],
    },
    {
      ...plain,
      function: `b-open-${foreign}`,
      verdict: 'inconclusive',
      undecided: 'fewSamples',
      metrics: [
        { ...cost, verdict: 'inconclusive', ratio: { estimate: 1.05, low: null, high: null } },
        { ...cost, name: 'duration', limit: null, verdict: null, ratio: { estimate: 1.02, low: 0.99, high: 3000 } },
        { ...p95, verdict: 'inconclusive', current: 240, interval: { estimate: 240, low: 180, high: null } },
      ],
    },
    {
      ...plain,
      function: `c-regressed-${foreign}`,
      metrics: [
        { ...cost, ratio: { estimate: 1.3, low: 1.2, high: 1.4 } },
        { ...p95, verdict: 'regressed', current: 300, interval: { estimate: 300, low: 280, high: 330 } },
      ],
    },
    {
      ...plain,
      function: `d-much-${foreign}`,
      metrics: [{ ...cost, ratio: { estimate: 2.4, low: 2.2, high: 2.6 } }],
    },
    { ...failed, error, function: `e-failed-${foreign}` },
  ];
  return { ...check, functions };
}
