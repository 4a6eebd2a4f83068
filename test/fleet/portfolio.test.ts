import { describe, expect, it } from 'vitest';
import { portfolioOf } from '../../src/fleet/portfolio.ts';
import type { FleetShard, ShardRow } from '../../src/model/fleet/shard.ts';
import type { TuningResult } from '../../src/model/run.ts';
import { portfolioReporters } from '../../src/reporters/registry.ts';

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:111111111111:function:${name}`;

function shard(index: number, of: number, names: readonly string[], rows: readonly Partial<ShardRow>[]): FleetShard {
  return {
    schemaVersion: 1,
    kind: 'fleetShard',
    tool: { name: 'lambda-tune', version: '0.1.0' },
    shard: { index, of },
    functions: names.map((functionName) => ({
      functionName,
      functionArn: arnOf(functionName),
      region: 'us-east-1',
      accountId: '111111111111',
      setting: { memoryMb: 1024, architecture: 'x86_64' },
      monthlyUsd: 100,
      invocationsPerMonth: 1e6,
    })),
    rows: rows.map((row) => ({ functionArn: arnOf('none'), state: 'measured', because: '', spentUsd: 0.01, ...row })),
    spentBeforeUsd: 0,
    spentUsd: 0.01 * rows.length,
    leftBehind: [],
    started: 1,
  };
}

/** As far as a portfolio looks at it. */
function run(saves: { share: number; low: number; high: number }): { run: TuningResult; said: string } {
  const configuration = { memoryMb: 512, architecture: 'arm64' };
  const answer = { kind: 'change', because: 'cheaper', configuration, saves };
  return { run: { answer } as TuningResult, said: 'change to 512 MB on arm64' };
}

function merged(shards: readonly FleetShard[]) {
  return portfolioOf({
    toolVersion: '0.1.0',
    now: new Date(0),
    folders: ['runs'],
    shards,
    runs: new Map([
      ['a.json', run({ share: 0.3, low: 0.2, high: 0.4 })],
      ['b.json', run({ share: 0.4, low: 0.1, high: 0.7 })],
      ['c.json', run({ share: 0.1, low: -0.1, high: 0.3 })],
    ]),
  });
}

const names = ['a', 'b', 'c', 'd', 'e'];
const first = shard(1, 2, names, [
  { functionArn: arnOf('a'), runFile: 'a.json', runId: 'r1' },
  { functionArn: arnOf('c'), runFile: 'c.json', runId: 'r3' },
  { functionArn: arnOf('e'), state: 'failed', because: 'x', error: { code: 'TARGET', message: '<b>\u001b[31m' } },
]);
const second = shard(2, 2, names, [
  { functionArn: arnOf('b'), runFile: 'b.json', runId: 'r2' },
  { functionArn: arnOf('d'), state: 'needsPayload', because: 'nothing says what to send it' },
]);

describe('a portfolio', () => {
  it('adds up what surely saves, with the interval of the sum, whatever the order of the parts', () => {
    const portfolio = merged([first, second]);
    expect(portfolio.total).toMatchObject({ functions: 5, measured: 3, change: 3, needsPayload: 1, failed: 1 });
    const { estimate = 0, low = 0, high = 0 } = portfolio.total.savesUsdPerMonth ?? {};
    // 30 ± 10 and 40 ± 30; c does not surely save.
    expect([estimate, low, high].map((usd) => usd.toFixed(3))).toEqual(['70.000', '38.377', '101.623']);
    expect(portfolio.functions.map(({ functionName }) => functionName)).toEqual(['b', 'a', 'c', 'e', 'd']);
    expect(merged([second, first]).functions).toEqual(portfolio.functions);
  });

  it('says which part is missing, and lists its functions as not reached', () => {
    const portfolio = merged([first]);
    expect(portfolio.shards).toEqual({ of: 2, found: [1], missing: [2] });
    expect(
      portfolio.functions.filter(({ state }) => state === 'notReached').map(({ functionName }) => functionName),
    ).toEqual(['b', 'd']);
  });

  it('takes what was measured for what was cut short elsewhere', () => {
    const cut = shard(1, 1, ['a'], [{ functionArn: arnOf('a'), state: 'started', runId: 'r0' }]);
    const whole = shard(1, 1, ['a'], [{ functionArn: arnOf('a'), runFile: 'a.json', runId: 'r1' }]);
    expect(merged([cut, whole]).functions.map(({ state, runId }) => [state, runId])).toEqual([['measured', 'r1']]);
  });

  it('says of what was measured without an answer why there is none', () => {
    const said = 'The current 1,024 MB was not measured, so whether a change is worth it is not known';
    const answer = { kind: 'unanswered', because: 'currentNotMeasured', configuration: undefined };
    const portfolio = portfolioOf({
      toolVersion: '0.1.0',
      now: new Date(0),
      folders: ['runs'],
      shards: [shard(1, 1, ['a'], [{ functionArn: arnOf('a'), runFile: 'a.json', runId: 'r1' }])],
      runs: new Map([['a.json', { run: { answer } as unknown as TuningResult, said }]]),
    });
    for (const format of ['table', 'markdown', 'html'] as const) {
      const text = portfolioReporters[format](portfolio, { columns: 200, color: false, isPipe: true });
      expect(text).toContain('The current 1,024 MB was not measured');
      expect(text).not.toContain('currentNotMeasured');
    }
  });

  it('shows words of others inert in every format', () => {
    for (const format of ['table', 'markdown', 'html', 'csv', 'json'] as const) {
      const text = portfolioReporters[format](merged([first, second]), { columns: 120, color: false });
      expect(text).not.toContain('\u001b');
      if (format === 'html') expect(text).not.toContain('<b>');
    }
  });
});
