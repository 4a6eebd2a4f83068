import type { Portfolio, PortfolioFunction } from '../../../src/model/fleet/portfolio.ts';

/** A portfolio of functions in one account, as `tune fleet merge --json` writes it. */
export function portfolioOf(
  functions: readonly (Pick<PortfolioFunction, 'functionName' | 'answer'> & Partial<PortfolioFunction>)[],
): Portfolio {
  return {
    schemaVersion: 1,
    kind: 'portfolio',
    tool: { name: 'lambda-tune', version: '0.1.0' },
    mergedAt: '2026-03-05T09:00:00Z',
    folders: ['.'],
    shards: { of: 1, found: [1], missing: [] },
    total: {
      functions: functions.length,
      measured: functions.length,
      change: functions.length,
      stay: 0,
      unanswered: 0,
      needsPayload: 0,
      failed: 0,
      notReached: 0,
      monthlyUsd: null,
      savesUsdPerMonth: null,
      savesShare: null,
      spentUsd: 0,
    },
    functions: functions.map((one) => ({
      functionArn: `arn:aws:lambda:us-east-1:111111111111:function:${one.functionName}`,
      region: 'us-east-1',
      accountId: '111111111111',
      state: 'measured',
      current: null,
      monthlyUsd: null,
      invocationsPerMonth: null,
      savesUsdPerMonth: null,
      because: '',
      runId: 'r1',
      runFile: 'run.json',
      spentUsd: 0,
      ...one,
    })),
    leftBehind: [],
  };
}
