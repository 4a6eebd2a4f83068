import { afterEach, describe, expect, it, vi } from 'vitest';
import { runObserve } from '../../src/commands/observe/observe.ts';
import { runPolicy } from '../../src/commands/policy/policy.ts';
import { observationSchema } from '../../src/model/observation.ts';
import { renderObservationTable } from '../../src/reporters/observation/table.ts';
import { type ProductionServer, type ServerOptions, startProductionServer } from '../observe/productionServer.ts';
import { inLabAccount } from './labAccount.ts';

const hourMs = 3_600_000;
const to = Math.floor(Date.now() / hourMs) * hourMs;

describe('tune observe', () => {
  const account = inLabAccount();
  let server: ProductionServer | undefined;
  afterEach(() => server?.close());

  async function observed(options: Partial<ServerOptions> = {}, flags: object = {}, configuration: object = {}) {
    await account().lab.create({ MemorySize: 512, Timeout: 30, ...configuration });
    account().under({});
    const range = { fromMs: to - 48 * hourMs, toMs: to };
    server = await startProductionServer({
      production: { seed: 2, range, callsPerDay: 1500, meanMs: 120, coldShare: 0.02 },
      ...options,
    });
    for (const service of ['CLOUDWATCH', 'CLOUDWATCH_LOGS', 'COMPUTE_OPTIMIZER', 'XRAY']) {
      vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, server.url);
    }
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', account().lab.endpoint.url);
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    const { io, stdout, stderr } = account().process();
    const given = { function: 'orders', since: new Date(range.fromMs).toISOString(), json: true, seed: '1', ...flags };
    const code = await runObserve(given, io);
    return { code, stdout: stdout(), stderr: stderr(), calls: server.calls };
  }
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
    expect(spend.spentUsd).toBeCloseTo(0.0001, 9);
    expect(stderr).toMatch(/Nothing is invoked or changed[\s\S]*Counts: 10 series[\s\S]*Records: all/);
    expect(calls.filter((call) => !/^(Get|Filter|Describe)/.test(call))).toEqual([]);
    const writes = account()
      .lab.endpoint.calls()
      .filter(({ operation }) => !/^(Get|List)/.test(operation));
    expect(writes).toEqual([]);
  });

  it('reads the same records by Logs Insights', async () => {
    const { sample, total, sources } = documentOf((await observed({}, { source: 'insights' })).stdout);
    expect([sample.isWhole, sample.records, sources[1]?.source]).toEqual([true, total.invocations, 'insights']);
  });

  it('reads JSON logs with the same parser', async () => {
    const { sample, total } = documentOf((await observed({ jsonLogs: true })).stdout);
    expect(sample.records).toBe(total.invocations);
  });

  it('takes its own records from a group that others share', async () => {
    const LoggingConfig = { LogGroup: '/shop/all' };
    const { stdout } = await observed({ isShared: true, logGroup: '/shop/all' }, {}, { LoggingConfig });
    const { sample, total } = documentOf(stdout);
    expect(sample.records).toBeGreaterThan(0);
    expect(sample.records).toBeLessThan(total.invocations);
  });

  it('does not stop at a hundred empty pages', async () => {
    const since = new Date(to - 2 * hourMs).toISOString();
    const { stdout, calls } = await observed({ emptyPages: 100 }, { since });
    expect(documentOf(stdout).sample.records).toBeGreaterThan(0);
    expect(calls.filter((call) => call === 'FilterLogEvents').length).toBeGreaterThan(100);
  });

  it('names what is denied, and goes on', async () => {
    const denied = ['GetMetricData', 'GetLambdaFunctionRecommendations', 'FilterLogEvents'];
    const { code, stdout } = await observed({ denied });
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
    const { code, stdout, stderr } = await observed({ traces }, { xray: true });
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
      (await observed({ denied: ['GetTraceSummaries'] }, { xray: true })).stdout,
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
    const denied = ['GetMetricData', 'FilterLogEvents', 'StartQuery', 'GetLambdaFunctionRecommendations'];
    const { code, stdout } = await observed({ denied });
    expect([code, documentOf(stdout).total.costPerMonthUsd]).toEqual([3, null]);
  });

  it('ends with 1 where a change did not make it cheaper', async () => {
    const at = to - 24 * hourMs;
    const range = { fromMs: to - 48 * hourMs, toMs: to };
    const eras = [{ fromMs: at, version: '1', memoryMb: 512, factor: 1.6 }];
    const production = { seed: 2, range, callsPerDay: 6000, meanMs: 120, coldShare: 0.01, eras };
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
