import { describe, expect, it } from 'vitest';
import { advise } from '../../src/advice/advice.ts';
import { atTraffic } from '../../src/advice/atTraffic.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { type TuningResult, tuningResultSchema } from '../../src/model/run.ts';
import { drawBills } from '../../src/reporters/figures/bills.ts';
import { runReporters } from '../../src/reporters/registry.ts';
import { renderHtml } from '../../src/reporters/run/html.ts';
import { renderTable } from '../../src/reporters/run/table.ts';
import type { TrafficQuestion } from '../../src/traffic/question.ts';
import { parseArrivals, parseRate } from '../../src/traffic/traffic.ts';
import { measuredRow, run } from '../reporters/buildRun.ts';
import { awsRun } from '../reporters/savedRuns.ts';

function at(text: string, more: Partial<TrafficQuestion> = {}): TrafficQuestion {
  const traffic = parseRate(text) ?? parseArrivals(text, 'arrivals.csv');
  return { given: text.length > 20 ? 'arrivals.csv' : text, kind: traffic.kind, traffic, ...more };
}

const monthlyOf = (result: TuningResult, memoryMb: number) =>
  result.configurations.find((row) => row.memoryMb === memoryMb && row.architecture === 'x86_64')?.monthly;

/** The smaller size is cheaper while it is warm, and its cold starts are long. */
function slowColdRun(): TuningResult {
  return run({
    configurations: [
      measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 100, initMs: 4000, spread: 0.02 }),
      measuredRow({ memoryMb: 2048, architecture: 'x86_64', meanMs: 90, initMs: 300, spread: 0.02 }),
    ],
  });
}

describe('a run at a traffic', () => {
  it('has a bill of each measured configuration, whose lines add up', () => {
    const billed = atTraffic(awsRun(), at('1M/month'));
    for (const { monthly, monthlyAt15Min } of billed.configurations) {
      if (monthly === undefined || monthlyAt15Min === undefined) throw new Error('all were measured');
      const { total, ...lines } = monthly.usd;
      expect(Object.values(lines).reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(total, 9);
      expect(monthly.requests).toBe(1_000_000);
      expect(monthly.callUsd.mean * 1e6).toBeCloseTo(total, 6);
      expect(monthlyAt15Min.coldShare.estimate).toBeLessThan(monthly.coldShare.estimate);
    }
    expect(() => tuningResultSchema.parse(JSON.parse(JSON.stringify(billed)))).not.toThrow();
  });

  it('costs what its calls are billed: 1,024 MB, 2 M requests', () => {
    const call = (start: 'warm' | 'cold', index: number): Measurement => ({
      requestId: `${start}${index}`,
      startedAt: '2026-11-23T09:30:05.000Z',
      environment: `e${index % 2}`,
      start,
      outcome: 'succeeded',
      durationMs: 100,
      billedDurationMs: start === 'cold' ? 400 : 100,
      ...(start === 'cold' && { initDurationMs: 300 }),
      maxMemoryUsedMb: 90,
      costUsd: 0.00001,
    });
    const row = measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 100 });
    const measurements = [0, 1, 2, 3].flatMap((index) => [call('cold', index), call('warm', index)]);
    const plain = run({ configurations: [{ ...row, measurements }] });
    // A minute with two calls at once, both cold, and then 98 that find one idle: 2 % cold of 100.
    const times = [0, 0, ...Array.from({ length: 98 }, (_, index) => 1 + 0.5 * index)];
    const monthly = monthlyOf(atTraffic(plain, at(times.join('\n'))), 1024);
    // 100 a minute: 4,377,600 a month. 98 % × 0.1 s + 2 % × 0.1 s = 437,760 GB-s; 2 % × 0.3 s = 26,265.6 GB-s
    expect(monthly?.requests).toBe(4_377_600);
    expect(monthly?.coldShare.estimate).toBe(0.02);
    expect(monthly?.environments).toEqual({ p50: 2, max: 2 });
    expect(monthly?.usd.requests).toBeCloseTo(0.87552, 6);
    expect(monthly?.usd.duration).toBeCloseTo(7.296, 3);
    expect(monthly?.usd.init).toBeCloseTo(0.43776, 4);
    expect(monthly?.usd.total).toBeCloseTo(8.60931, 3);
    expect(monthly?.latencyMs).toEqual({ p50: 100, p95: 100, p99: 400 });
    // 4,290,048 × 266 + 87,552 × 466 bytes = 1.18195 GB × 0.50
    expect(monthly?.logsUsd).toBeCloseTo(0.590976, 5);
  });

  it('has its answer made there, and says when single calls would say otherwise', () => {
    const perCall = slowColdRun();
    const sparse = atTraffic(perCall, at('200/day'));
    expect(perCall.answer.configuration).toMatchObject({ memoryMb: 1024 });
    expect(sparse.answer).toMatchObject({ kind: 'change', configuration: { memoryMb: 2048 } });
    expect(sparse.cheapest).toMatchObject({ memoryMb: 2048 });
    const text = runReporters.table(sparse, { columns: 100, color: false });
    expect(text.replace(/\s+/g, ' ')).toContain('By single calls alone the answer would be another: keep 1,024 MB');
    const busy = atTraffic(perCall, at('rps=50'));
    expect(busy.answer).toMatchObject({ configuration: { memoryMb: 1024 } });
    expect(runReporters.table(busy, { columns: 100, color: false })).not.toContain('single calls alone');
  });

  it('the cheapest is the one with the smallest bill, whatever the traffic', () => {
    for (const text of ['100/day', 'rps=20']) {
      const billed = atTraffic(awsRun(), at(text));
      const totals = billed.configurations.map((row) => row.monthly?.usd.total ?? Number.POSITIVE_INFINITY);
      const least = billed.configurations[totals.indexOf(Math.min(...totals))];
      expect(billed.cheapest, text).toMatchObject({ memoryMb: least?.memoryMb, architecture: least?.architecture });
    }
  });

  it('another traffic replaces the one before', () => {
    const once = atTraffic(slowColdRun(), at('rps=20'));
    const twice = atTraffic(atTraffic(slowColdRun(), at('200/day')), at('rps=20'));
    expect(twice).toEqual(once);
  });

  it('takes a discount off compute alone', () => {
    const full = monthlyOf(atTraffic(slowColdRun(), at('1M/month')), 1024)?.usd;
    const less = monthlyOf(atTraffic(slowColdRun(), at('1M/month', { discount: 0.12 })), 1024)?.usd;
    expect(less?.requests).toBe(full?.requests);
    expect(less?.duration).toBeCloseTo(0.88 * (full?.duration ?? 0), 9);
    expect(less?.init).toBeCloseTo(0.88 * (full?.init ?? 0), 9);
  });

  it('with the idle life of an observation has one answer, not two', () => {
    const [row] = atTraffic(slowColdRun(), at('1M/month', { idleLifeS: 420 })).configurations;
    expect(row?.monthly).toBeDefined();
    expect(row?.monthlyAt15Min).toBeUndefined();
  });

  it('bills nothing that has no cold start, and says so', () => {
    const row = measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 100 });
    const warm = { ...row, cold: undefined, measurements: row.measurements.filter(({ start }) => start === 'warm') };
    const billed = atTraffic(run({ configurations: [warm] }), at('1M/month'));
    expect(billed.traffic).toBeUndefined();
    expect(billed.warnings.map(({ code }) => code)).toContain('trafficMissing');
    expect(billed.answer).toEqual(run({ configurations: [warm] }).answer);
  });
});

it('names whose month it is where there is no answer that does', () => {
  const base = slowColdRun();
  // Today's setting was not among the sizes: whether a change is worth it is not known.
  const unknown = atTraffic({ ...base, target: { ...base.target, memoryMb: 640 } }, at('rps=2'));
  expect(unknown.answer.kind).toBe('unanswered');
  expect(runReporters.quiet(unknown, { columns: 80, color: false })).toMatch(
    /\$\d[\d.,]* a month with 1,024 MB at 5,253,120 requests/,
  );
});

describe('warnings with numbers', () => {
  const codesOf = (target: Partial<TuningResult['target']>, text = 'rps=20') => {
    const base = slowColdRun();
    return atTraffic({ ...base, target: { ...base.target, ...target } }, at(text)).warnings;
  };

  it('of reserved concurrency that is too small for the peak', () => {
    const [found] = codesOf({ reservedConcurrency: 2 }).filter(({ code }) => code === 'trafficReservedConcurrency');
    expect(found?.text).toMatch(
      /^The peak needs \d+ environments at once at .*, and 2 are reserved: about \d+ % of the calls/,
    );
    expect(codesOf({ reservedConcurrency: 100 }).filter(({ code }) => code.startsWith('traffic'))).toEqual([]);
  });

  it('of reserved concurrency: as many calls are lost as Erlang’s formula says', () => {
    const base = run({ configurations: [measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 100 })] });
    const target = { ...base.target, reservedConcurrency: 3 };
    const [found] = atTraffic({ ...base, target }, at('rps=20')).warnings.filter(
      ({ code }) => code === 'trafficReservedConcurrency',
    );
    // B(3, 2) and C(3, 2): a load of 20 × 0.1 s on three environments; hardly scattered durations wait less often than C says
    expect(found?.text).toContain('about 21 % of the calls would be throttled');
    expect(found?.text).toMatch(/where callers are queues or events, 4\d % would wait\.$/);
  });

  it('of an account whose pool is nearly used up', () => {
    expect(codesOf({ unreservedConcurrency: 5 }).map(({ code }) => code)).toContain('trafficAccountPool');
  });

  it('of a timeout that is close to the slowest calls', () => {
    expect(codesOf({ timeoutS: 1 }).map(({ code }) => code)).not.toContain('trafficTimeout');
    const slow = run({
      configurations: [measuredRow({ memoryMb: 1024, architecture: 'x86_64', meanMs: 2900, spread: 0.01 })],
    });
    const codes = atTraffic({ ...slow, target: { ...slow.target, timeoutS: 3 } }, at('rps=1')).warnings;
    expect(codes.map(({ code }) => code)).toContain('trafficTimeout');
  });
});

describe('provisioned concurrency', () => {
  /** Nothing at night, and one call after another in office hours. */
  const office = [
    'minute,count',
    ...Array.from({ length: 1440 }, (_, minute) => `${minute},${minute >= 480 && minute < 1080 ? 1200 : 0}`),
  ].join('\n');

  it('by time of day is one command and a pointer in the terminal, and all of it on a page', () => {
    const billed = atTraffic(slowColdRun(), at(office));
    const terminal = renderTable(billed, { columns: 100, color: false });
    const block = terminal.slice(terminal.indexOf('To provision it')).split('\n\n')[0] ?? '';
    expect(block).toContain('register-scalable-target');
    expect(block).toMatch(
      /2 put-scheduled-actions, one for each time, and the lines for SAM, .*\s+Framework and Terraform are in --report markdown=FILE/,
    );
    expect(block.split('\n').length).toBeLessThan(10);
    const page = renderHtml(billed);
    expect(page.match(/put-scheduled-action/g)?.length).toBeGreaterThanOrEqual(2);
    expect(page).toContain('aws_appautoscaling_scheduled_action');
  });

  it('bills are bars, in which what is recommended and what is current are framed and named', () => {
    const { content } = drawBills(atTraffic(slowColdRun(), at('rps=20')), 540) ?? { content: '' };
    expect(content.match(/class="bill-frame/g)?.length).toBe(content.includes('recommended · current') ? 1 : 2);
    expect(content).toMatch(/>recommended/);
    expect(content).toMatch(/current</);
  });

  it('by time of day is cheaper than none and than any constant number, where days are uneven', () => {
    const billed = atTraffic(slowColdRun(), at(office));
    const [advice] = billed.traffic?.provisioned ?? [];
    expect(advice?.cheapest).toBe('scheduled');
    expect(advice?.scheduled?.schedule?.map(({ from }) => from)).toEqual(['08:00', '18:00']);
    expect(advice?.scheduled?.usd.total).toBeLessThan(advice?.none.usd.total ?? 0);
    const { provisioning } = advise(billed);
    expect(provisioning?.commands.map((command) => command.slice(0, 3).join(' '))).toEqual([
      'aws application-autoscaling register-scalable-target',
      'aws application-autoscaling put-scheduled-action',
      'aws application-autoscaling put-scheduled-action',
    ]);
    expect(provisioning?.commands[1]).toContain('cron(0 8 * * ? *)');
    const linesOf = (tool: string) => provisioning?.settings.find((one) => one.tool === tool)?.lines ?? [];
    expect(provisioning?.settings.map(({ tool }) => tool)).toEqual([
      'SAM',
      'CloudFormation',
      'CDK',
      'Serverless Framework',
      'Terraform',
    ]);
    expect(
      linesOf('CloudFormation')
        .slice(-6)
        .map((line) => line.trim()),
    ).toEqual([
      '- ScheduledActionName: tune-0800',
      'Schedule: cron(0 8 * * ? *)',
      'ScalableTargetAction: {MinCapacity: 1, MaxCapacity: 1}',
      '- ScheduledActionName: tune-1800',
      'Schedule: cron(0 18 * * ? *)',
      'ScalableTargetAction: {MinCapacity: 0, MaxCapacity: 0}',
    ]);
    expect(linesOf('CDK')).toContain("capacity.scaleOnSchedule('tune-0800', {");
    expect(linesOf('Terraform')).toContain('resource "aws_appautoscaling_scheduled_action" "tune-1800" {');
  });

  it('constant all day is a line or two in every tool', () => {
    const billed = atTraffic(slowColdRun(), at('rps=50'));
    expect(billed.traffic?.provisioned[0]?.cheapest).toBe('constant');
    const count = billed.traffic?.provisioned[0]?.constant?.environments;
    const settings = advise(billed).provisioning?.settings ?? [];
    expect(settings.find(({ tool }) => tool === 'Serverless Framework')?.lines).toEqual([
      `provisionedConcurrency: ${count}`,
    ]);
    expect(settings.find(({ tool }) => tool === 'CDK')?.lines).toContain(
      `  provisionedConcurrentExecutions: ${count},`,
    );
  });

  it('is not worth it for a call now and then', () => {
    const billed = atTraffic(slowColdRun(), at('1000/day'));
    expect(billed.traffic?.provisioned[0]).toMatchObject({ cheapest: 'none' });
    expect(advise(billed).provisioning).toBeUndefined();
  });
});

const shown = atTraffic(awsRun(), at('1M/month'));

it.each(Object.keys(runReporters))('%s shows a run at a traffic', (format) => {
  const text = runReporters[format as keyof typeof runReporters](shown, { columns: 80, color: false }).replace(
    /<script>[\s\S]*?<\/script>/g,
    '',
  );
  expect(text.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});
