import { CreateAliasCommand, PublishVersionCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runObserve } from '../../src/commands/observe/observe.ts';
import { runPolicy } from '../../src/commands/policy/policy.ts';
import type { Past } from '../../src/local/testing/production/past.ts';
import type { LoggedProduction } from '../../src/local/testing/production/pastEvents.ts';
import type { SyntheticProduction } from '../../src/local/testing/production/syntheticProduction.ts';
import { totalsOf } from '../../src/local/testing/production/totals.ts';
import type { TestingOptions } from '../../src/local/testing/testing.ts';
import { observationSchema } from '../../src/model/production/observation.ts';
import { renderObservationTable } from '../../src/reporters/observation/table.ts';
import { type AdviserOptions, type Advisers, startAdvisers } from '../observe/advisers.ts';
import { inLabAccount } from './labAccount.ts';

const hourMs = 3_600_000;
/** A Wednesday afternoon: what is served varies with the hour and the day. */
const to = Date.parse('2026-11-25T15:00:00Z');

/** What was served in two days, how it was logged, and what may be read of it. */
interface Served {
  readonly production?: Partial<SyntheticProduction>;
  readonly logged?: Partial<LoggedProduction>;
  readonly past?: Partial<Past>;
  readonly advisers?: AdviserOptions;
  readonly denied?: readonly string[];
  readonly testing?: Partial<TestingOptions>;
  readonly configuration?: object;
  /** The function was made already. */
  readonly isThere?: boolean;
}

describe('tune observe', () => {
  const account = inLabAccount();
  let advisers: Advisers | undefined;
  afterEach(() => advisers?.close());
  const range = { fromMs: to - 48 * hourMs, toMs: to };
  const orders = (change: Partial<SyntheticProduction> = {}) => ({
    seed: 2,
    range,
    callsPerDay: 1500,
    meanMs: 120,
    coldShare: 0.02,
    ...change,
  });

  async function observed(served: Served = {}, flags: object = {}, change: Parameters<typeof fakeProcess>[0] = {}) {
    const { lab } = account();
    if (served.isThere !== true) await lab.create({ MemorySize: 512, Timeout: 30, ...served.configuration });
    const logged = { functionName: 'orders', production: orders(served.production), ...served.logged };
    lab.endpoint.setPast({ functions: [logged], ...served.past });
    const deny = (served.denied ?? []).map((action) => ({ action, resource: '*' }));
    account().under({ deny, ...served.testing });
    advisers = await startAdvisers(served.advisers ?? {});
    for (const service of ['COMPUTE_OPTIMIZER', 'XRAY']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, advisers.url);
    const { io, stdout, stderr } = fakeProcess(change);
    const given = { function: 'orders', since: new Date(range.fromMs).toISOString(), json: true, seed: '1', ...flags };
    const code = await runObserve(given, io);
    const calls = lab.endpoint.calls().map(({ operation }) => operation);
    return { code, stdout: stdout(), stderr: stderr(), calls, advised: advisers.calls };
  }
  const fakeProcess = (change: Parameters<ReturnType<typeof account>['process']>[0]) =>
    account().process({ now: () => new Date(to + 600_000), ...change });
  const documentOf = (text: string) => observationSchema.parse(JSON.parse(text));

  it('reads counts and records, says before what that costs, and writes nothing', async () => {
    const { code, stdout, stderr, calls } = await observed();
    const { total, sample, sources, spend } = documentOf(stdout);
    expect([code, sample.isWhole, sample.records]).toEqual([0, true, total.invocations]);
    expect(sources.map(({ source, status }) => `${source} ${status}`)).toEqual([
      'metrics read',
      'events read',
      'computeOptimizer unusable',
    ]);
    expect(spend.spentUsd).toBeCloseTo(0.00011, 9);
    expect(stderr).toMatch(/Nothing is invoked or changed[\s\S]*Counts: 11 series[\s\S]*Records: all/);
    expect(calls.filter((call) => !/^(Get|List|Filter|Describe)/.test(call))).toEqual([]);
  });

  it('reads the same records by Logs Insights', async () => {
    const { sample, total, sources } = documentOf((await observed({}, { source: 'insights' })).stdout);
    expect([sample.isWhole, sample.records, sources[1]?.source]).toEqual([true, total.invocations, 'insights']);
  });

  it('reads JSON logs with the same parser', async () => {
    const { sample, total } = documentOf((await observed({ logged: { format: 'json' } })).stdout);
    expect(sample.records).toBe(total.invocations);
  });

  it('takes its own records from a group that others share', async () => {
    const functions = [
      { functionName: 'orders', production: orders() },
      { functionName: 'orders-archive', production: orders({ seed: 3, meanMs: 900 }) },
    ];
    const served = {
      past: { logGroup: '/shop/all', functions },
      configuration: { LoggingConfig: { LogGroup: '/shop/all' } },
    };
    const { sample, total } = documentOf((await observed(served)).stdout);
    expect(sample.records).toBe(total.invocations);
    expect(total.durationMs?.p50).toBeLessThan(150);
  });

  it('does not stop at a hundred empty pages', async () => {
    const since = new Date(to - 2 * hourMs).toISOString();
    // Few calls: each stretch with one has its hundred pages.
    const served = { production: { callsPerDay: 60 }, testing: { logs: { emptyPages: 100 } } };
    const { stdout, calls } = await observed(served, { since });
    const { sample, total } = documentOf(stdout);
    expect(sample.records).toBeGreaterThan(0);
    expect(sample.records).toBe(total.invocations);
    expect(calls.filter((call) => call === 'FilterLogEvents').length).toBeGreaterThan(100);
  });

  it('names what is denied, and goes on', async () => {
    const denied = ['cloudwatch:GetMetricData', 'logs:FilterLogEvents'];
    const advisers = { denied: ['GetLambdaFunctionRecommendations'] };
    const { code, stdout } = await observed({ denied, advisers });
    const { sources, total } = documentOf(stdout);
    expect(sources.map(({ source, status }) => `${source} ${status}`)).toEqual([
      'metrics denied',
      'events denied',
      'insights read',
      'computeOptimizer denied',
    ]);
    expect(sources[0]?.note).toContain('cloudwatch:GetMetricData');
    expect([code, total.invocationsAre, total.costPerMonthUsd === null]).toEqual([0, 'exact', false]);
  });

  it('says that provisioned concurrency may not be read, and is not in the total', async () => {
    const { code, stdout } = await observed(
      { denied: ['lambda:ListProvisionedConcurrencyConfigs'] },
      { source: 'metrics' },
    );
    const { total, warnings } = documentOf(stdout);
    expect([code, total.provisioned, total.chargesUsdPerMonth?.provisioned]).toEqual([0, null, null]);
    expect(total.costPerMonthUsd?.estimate).toBeGreaterThan(0);
    const [said] = warnings.filter(({ code: kind }) => kind === 'provisionedUnreadable');
    expect(said?.text).toContain('lambda:ListProvisionedConcurrencyConfigs');
  });

  it('costs at most the cap, with 2 TB in the group', async () => {
    const production = { bytesPerCall: 2e12 / 3000 };
    const served = { production, past: { storedBytes: 2e12 } };
    const { stdout, stderr, calls } = await observed(served, { source: 'insights', maxSpendUsd: '0.05' });
    const { spend, sources, sample, total } = documentOf(stdout);
    expect(spend.spentUsd).toBeGreaterThan(0.005);
    expect(spend.spentUsd).toBeLessThanOrEqual(0.05);
    expect([sources[1]?.source, sample.isWhole, total.costPerMonthUsd === null]).toEqual(['insights', false, false]);
    expect(calls.filter((call) => call === 'StartQuery').length).toBe(sample.windows);
    expect(stderr).toMatch(
      /Records: about .* with Logs Insights, .* scanned, about \$0\.0[34]\d+ of at most \$0\.0500/,
    );
  });

  it('takes counts where the system log is at level WARN, and says why', async () => {
    const { stdout, calls } = await observed({
      logged: { format: 'json', systemLevel: 'WARN' },
      configuration: { LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN' } },
    });
    const { sources, total } = documentOf(stdout);
    expect(sources.slice(0, 3).map(({ source, status }) => `${source} ${status}`)).toEqual([
      'metrics read',
      'events unusable',
      'insights unusable',
    ]);
    expect(sources[1]?.note).toContain('WARN');
    expect([total.coldShare, total.costPerMonthUsd === null]).toEqual([null, false]);
    expect(calls).not.toContain('FilterLogEvents');
  });

  it('tells time-outs, calls without memory, errors and restores apart, of records with traces, too', async () => {
    const production = { timedOutShare: 0.05, outOfMemoryShare: 0.03, errorShare: 0.02, coldShare: 0.1 };
    const { stdout } = await observed({ production, logged: { isTraced: true, isSnapStart: true } });
    const { total, sample } = documentOf(stdout);
    const { calls, errors, cold } = totalsOf(orders(production), range.fromMs, range.toMs);
    expect([sample.records, total.errors, total.throttles]).toEqual([calls, errors, 0]);
    expect(total.coldShare?.estimate).toBeCloseTo(cold / calls, 9);
    const ended = (total.timedOutShare?.estimate ?? 0) + (total.outOfMemoryShare?.estimate ?? 0);
    expect(Math.abs(ended - 0.08)).toBeLessThan(0.02);
    expect(total.timedOutShare?.estimate).toBeGreaterThan(total.outOfMemoryShare?.estimate ?? 1);
    expect(total.maxMemoryUsedMb).toBe(512);
  });

  it('of an alias with weights says what each version costs, counted by CloudWatch', async () => {
    const { lab } = account();
    await lab.create({ MemorySize: 512, Timeout: 30 });
    const FunctionName = 'orders';
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    await lab.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, MemorySize: 1024 }));
    await lab.lambda.send(new PublishVersionCommand({ FunctionName }));
    const RoutingConfig = { AdditionalVersionWeights: { '2': 0.2 } };
    await lab.lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig }));
    const eras = [{ fromMs: range.fromMs, version: '2', memoryMb: 1024, factor: 0.6, share: 0.2 }];
    const served = { isThere: true, production: { eras }, past: { alias: 'live' } };
    const { versions, total, sample } = documentOf((await observed(served, { function: 'orders:live' })).stdout);
    const { byVersion } = totalsOf(orders({ eras }), range.fromMs, range.toMs);
    expect(sample.isWhole).toBe(true);
    expect(
      versions
        .map(({ version, memoryMb, invocations, invocationsAre }) => [version, memoryMb, invocations, invocationsAre])
        .toSorted(),
    ).toEqual([
      ['1', 512, byVersion.get('1'), 'exact'],
      ['2', 1024, byVersion.get('2'), 'exact'],
    ]);
    const parts = versions.reduce((sum, { costPerMonthUsd }) => sum + (costPerMonthUsd?.estimate ?? 0), 0);
    expect(parts).toBeCloseTo(total.costPerMonthUsd?.estimate ?? 0, 9);
  });

  /** 100 to 119 ms, of which DynamoDB takes 78 %, twice side by side. */
  const traces = Array.from({ length: 20 }, (_, index) => {
    const [start_time, durationS] = [1000, (100 + index) / 1000];
    const end_time = start_time + durationS;
    const call = { name: 'DynamoDB', namespace: 'aws', start_time, end_time: start_time + 0.78 * durationS };
    const invocation = { name: 'Invocation', start_time, end_time, subsegments: [call, call] };
    const init = { name: 'Initialization', start_time: 990, end_time: 1000, subsegments: [] };
    return {
      name: 'orders',
      origin: 'AWS::Lambda::Function',
      start_time: 990,
      end_time,
      subsegments: [init, invocation],
    };
  });

  it('--xray says how much of p50 is calls of others, under the cap', async () => {
    const { code, stdout, stderr } = await observed({ advisers: { traces } }, { xray: true });
    const { downstream, sources, spend } = documentOf(stdout);
    expect([code, downstream?.traces, downstream?.tracesAtP50]).toEqual([0, 9, 5]);
    expect(downstream?.services.map(({ service, share }) => [service, share.toFixed(4)])).toEqual([
      ['DynamoDB', '0.7800'],
    ]);
    const xray = sources.find(({ source }) => source === 'xray');
    // Twelve moments of twenty traces that were looked at, and nine that were fetched.
    expect([xray?.status, xray?.costUsd.toFixed(7)]).toEqual(['read', ((240 + 9) * 0.0000005).toFixed(7)]);
    expect(spend.spentUsd).toBeLessThanOrEqual(spend.capUsd);
    expect(stderr).toContain('Traces: X-Ray, at most about $');
    const page = renderObservationTable(documentOf(stdout), { columns: 200, color: false, unicode: true });
    expect(page.replaceAll(/\s+/g, ' ')).toContain(
      '78 % of p50 is DynamoDB: more memory cannot buy that (X-Ray, 5 traces',
    );
  });

  it('names X-Ray where it is denied, and reads the others', async () => {
    const { sources, downstream } = documentOf(
      (await observed({ advisers: { denied: ['GetTraceSummaries'] } }, { xray: true })).stdout,
    );
    expect(sources.map(({ source, status }) => `${source} ${status}`)).toEqual([
      'metrics read',
      'events read',
      'xray denied',
      'computeOptimizer unusable',
    ]);
    expect(sources[2]?.note).toContain('xray:GetTraceSummaries');
    expect(downstream).toBeUndefined();
  });

  it('ends with 3 where nothing may be read', async () => {
    const denied = ['cloudwatch:GetMetricData', 'logs:FilterLogEvents', 'logs:StartQuery'];
    const { code, stdout } = await observed({ denied });
    expect([code, documentOf(stdout).total.costPerMonthUsd]).toEqual([3, null]);
  });

  it('ends with 1 where a change did not make it cheaper', async () => {
    const at = to - 24 * hourMs;
    const eras = [{ fromMs: at, version: '1', memoryMb: 512, factor: 1.6 }];
    const production = { callsPerDay: 6000, coldShare: 0.01, eras };
    const flags = { sinceChange: new Date(at).toISOString(), require: 'cheaper', json: false };
    const { code, stdout } = await observed({ production }, flags);
    expect([code, stdout.split('\n')[0]]).toEqual([1, expect.stringContaining('cost per million +')]);
    expect(stdout).toContain('Cheaper: it did not come true.');
  });

  it.each([
    [{ function: undefined }, 'Which function?'],
    [{ function: './orders' }, './orders is a path: code without a function has no production.'],
    [{ function: 'orders', require: 'cheaper' }, '--require is about a change.'],
    [{ function: 'orders', since: 'soon' }, '--since: "soon" is neither an age nor a date.'],
    [{ function: 'orders', sinceChange: '2020-01-01' }, '--since-change lies outside of the period that is read.'],
  ])('refuses %j', async (flags, message) => {
    await expect(runObserve(flags, account().process().io)).rejects.toMatchObject({ code: 'USAGE', message });
  });

  it('needs permissions that only read', async () => {
    const { io, stdout } = account().process();
    await runPolicy({ for: 'observe' }, io);
    const { Statement } = JSON.parse(stdout()) as { Statement: { Action: string[] }[] };
    const actions = Statement.flatMap(({ Action }) => Action);
    expect(actions).toContain('logs:StartQuery');
    expect(actions.filter((action) => !/:(Get|BatchGet|List|Describe|Filter|StartQuery)/.test(action))).toEqual([]);
  });
});
