import { describe, expect, it } from 'vitest';
import { beginning, dayMs, facts, month, productionOf, trueBill } from '../../bench/observe/production.ts';
import { foundIn, pointsOf } from '../../bench/observe/series.ts';
import { TuneError } from '../../src/base/errors.ts';
import { observationSchema } from '../../src/model/production/observation.ts';
import { billedTodayMs, type ObservedCall, withoutForged } from '../../src/observe/calls.ts';
import { idleLifeOf } from '../../src/observe/idleLife.ts';
import { periodOf } from '../../src/observe/period.ts';
import { planSampling } from '../../src/observe/samplingPlan.ts';
import { unitsOf } from '../../src/observe/series.ts';
import { sinceChangeOf } from '../../src/observe/sinceChange.ts';
import { knownSteps } from '../../src/observe/steps.ts';
import { reportOfEvent } from '../../src/report-line/reportOfEvent.ts';
import { seededRandom } from '../../src/stats/random.ts';
import { observing } from './observing.ts';

const short = (change: Parameters<typeof month>[1] = {}) => month(5, { callsPerDay: 3000, ...change }, 14);
const now = new Date('2026-11-28T12:00:00Z');

describe('the period', () => {
  it('is an age or dates, in whole steps of CloudWatch', () => {
    expect(periodOf('14d', undefined, now)).toEqual({
      fromMs: Date.UTC(2026, 10, 14, 12),
      toMs: Date.UTC(2026, 10, 28, 12),
      cellMs: 3_600_000,
    });
    expect(periodOf('2026-11-01', '2026-11-02', now).cellMs).toBe(300_000);
    // Points of five minutes are gone after 63 days.
    expect(periodOf('2026-08-01', '2026-08-02', now).cellMs).toBe(3_600_000);
  });

  it.each([
    ['yesterday', undefined, '"yesterday" is neither an age nor a date'],
    ['30m', undefined, 'leave less than an hour'],
    ['500d', undefined, 'nothing older than 455 days'],
  ])('refuses %s', (since, until, message) => {
    expect(() => periodOf(since, until, now)).toThrow(message);
  });
});

describe('the sample', () => {
  const period = periodOf('14d', undefined, now);
  const cells = (calls: number) =>
    Array.from({ length: 336 }, (_, index) => {
      const fromMs = period.fromMs + index * period.cellMs;
      return { fromMs, toMs: fromMs + period.cellMs, calls, logBytes: calls * 400 };
    });
  const limits = { records: 60_000, windows: 360, recordsPerWindow: 8000, bytes: 1e12 };

  it('is everything where there is little', () => {
    const plan = planSampling(cells(10), period, limits, seededRandom(1));
    expect([plan.isWhole, plan.windows.length, plan.records]).toEqual([true, 336, 3360]);
  });

  it('is whole minutes of all hours where there is much, the same ones from the same seed', () => {
    const plan = planSampling(cells(60_000), period, limits, seededRandom(1));
    expect([plan.isWhole, plan.windowS]).toEqual([false, 60]);
    expect(plan.windows.every(({ fromMs }) => fromMs % 60_000 === 0)).toBe(true);
    expect(new Set(plan.windows.map(({ stratum }) => stratum)).size).toBe(12);
    const standsFor = plan.windows.reduce((sum, window) => sum + window.standsFor, 0);
    expect(Math.abs(standsFor / (336 * 60_000) - 1)).toBeLessThan(1e-9);
    expect(planSampling(cells(60_000), period, limits, seededRandom(1))).toEqual(plan);
    expect(planSampling(cells(60_000), period, limits, seededRandom(2))).not.toEqual(plan);
  });

  it('reads seconds where a minute holds more than one answer', () => {
    const plan = planSampling(cells(3_600_000), period, limits, seededRandom(1));
    expect(plan.windowS).toBe(8);
  });

  it('is fewer minutes where the money ends before', () => {
    const plan = planSampling(cells(60_000), period, { ...limits, bytes: 50e6 }, seededRandom(1));
    expect(plan.windows.length).toBeGreaterThan(50);
    expect(plan.bytes).toBeLessThanOrEqual(50e6);
  });

  it('fits under the money where that is for fewer minutes than there are kinds of hours', () => {
    for (const seed of [1, 2, 3, 4]) {
      const plan = planSampling(cells(60_000), period, { ...limits, bytes: 4e6 }, seededRandom(seed));
      expect(plan.bytes).toBeLessThanOrEqual(4e6);
      expect(plan.windows.length).toBeGreaterThanOrEqual(8);
      expect(new Set(plan.windows.map(({ stratum }) => stratum))).toEqual(new Set(['all']));
    }
  });
});

describe('records', () => {
  const line = 'Duration: 12.30 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 70 MB\t\n';

  it('are text or JSON, and nothing else is one', () => {
    expect(reportOfEvent(`REPORT RequestId: 8f-1\t${line}`)?.durationMs).toBe(12.3);
    const metrics = { durationMs: 5, billedDurationMs: 5, memorySizeMB: 128, maxMemoryUsedMB: 60 };
    const json = JSON.stringify({ type: 'platform.report', record: { requestId: '8f-2', metrics, status: 'success' } });
    expect(reportOfEvent(json)?.requestId).toBe('8f-2');
    expect(reportOfEvent(`I saw REPORT RequestId: 8f-1\t${line}`)).toBeUndefined();
    expect(reportOfEvent('{"type":"platform.start","record":{"requestId":"8f-3"}}')).toBeUndefined();
  });

  const record = (atMs: number, durationMs: number, more: object = {}) => ({
    atMs,
    stream: 's',
    version: '1',
    report: {
      requestId: 'r',
      durationMs,
      billedDurationMs: Math.ceil(durationMs),
      memorySizeMb: 128,
      maxMemoryUsedMb: 60,
      ...more,
    },
  });

  it('that a function printed of itself do not count; a repeated call of the same id does', () => {
    const forged = record(1_000_000, 0.1);
    const own = record(1_002_000, 2500);
    const again = record(1_090_000, 2500);
    expect(withoutForged([forged, own, again])).toEqual([own, again]);
  });

  it('of ZIP functions from before August 2025 are billed as today', () => {
    const before = Date.UTC(2025, 6, 1);
    const cold = { initDurationMs: 399.33 };
    expect(billedTodayMs(record(before, 100.2, cold), facts())).toBe(500);
    expect(billedTodayMs(record(Date.UTC(2025, 8, 1), 100.2, cold), facts())).toBe(101);
    expect(billedTodayMs(record(before, 100.2, cold), { ...facts(), packageType: 'Image' })).toBe(101);
    expect(billedTodayMs(record(before, 100.2, cold), { ...facts(), runtime: 'provided.al2023' })).toBe(101);
    // It was billed then, too.
    expect(billedTodayMs(record(before, 100.2, { ...cold, billedDurationMs: 500 }), facts())).toBe(500);
  });
});

describe('an observation', () => {
  it('of few calls is their exact bill', async () => {
    const of = short();
    const { usd, calls, cold } = trueBill(of);
    const observation = await observing(of);
    expect(observationSchema.parse(observation)).toEqual(observation);
    expect(observation.sample).toMatchObject({ isWhole: true, records: calls });
    expect(observation.total.invocations).toBe(calls);
    expect(observation.total.costPerMonthUsd?.estimate).toBeCloseTo((usd / 14) * 30.4, 9);
    expect(observation.total.coldShare?.estimate).toBeCloseTo(cold / calls, 9);
    expect(observation.versions).toHaveLength(1);
    expect(observation.traffic?.counts.reduce((sum, count) => sum + count, 0)).toBe(calls);
    expect(observation.traffic).toMatchObject({
      startsAt: '2026-10-05T00:00:00.000Z',
      minutesEach: 1,
      logBytesPerCall: 400,
    });
    expect(observation.concurrency).toHaveLength(7);
  });

  it('has versions whose costs add up to the whole, and the step between them', async () => {
    const of = short({ eras: [{ fromMs: beginning + 8 * dayMs, version: '17', memoryMb: 1024, factor: 0.6 }] });
    const { total, versions, changes } = await observing(of, { alias: true });
    expect(versions.map(({ version, memoryMb, invocationsAre }) => [version, memoryMb, invocationsAre])).toEqual([
      ['1', 512, 'exact'],
      ['17', 1024, 'exact'],
    ]);
    const sum = versions.reduce((all, { costPerMonthUsd }) => all + (costPerMonthUsd?.estimate ?? 0), 0);
    expect(sum).toBeCloseTo(total.costPerMonthUsd?.estimate ?? 0, 9);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      at: '2026-10-13T00:00:00.000Z',
      kind: 'version',
      what: 'version 17, 512 → 1024 MB',
    });
    expect(changes[0]?.costRatio?.estimate).toBeGreaterThan(1.1);
    expect(changes[0]?.durationRatio?.high).toBeLessThan(0.7);
  });

  it('of a sample has an interval that a change within the period does not widen', async () => {
    const eras = [{ fromMs: beginning + 8 * dayMs, version: '17', memoryMb: 1024, factor: 1 }];
    const of = month(5, { callsPerDay: 20_000, eras }, 14);
    const { usd } = trueBill(of);
    const { sample, total } = await observing(of, { alias: true });
    const { estimate = 0, low = 0, high = 0 } = total.costPerMonthUsd ?? {};
    expect(sample.isWhole).toBe(false);
    const truth = (usd / 14) * 30.4;
    expect([low <= truth, truth <= high]).toEqual([true, true]);
    // Half of the cost changed: with strata over the whole period it is 2.8 % on either side.
    expect((high - low) / 2 / estimate).toBeLessThan(0.015);
  });

  it('answers whether a change came true', async () => {
    const of = short({ eras: [{ fromMs: beginning + 8 * dayMs, version: '17', memoryMb: 512, factor: 0.7 }] });
    const cheaper = { require: 'both', maxSlowdown: 0.05 } as const;
    const { sinceChange } = await observing(of, { sinceChangeMs: 'last', required: cheaper, alias: true });
    expect(sinceChange?.required).toMatchObject({ decided: 'holds', cheaper: 'holds', notSlower: 'holds' });
    const dearer = short({ eras: [{ fromMs: beginning + 8 * dayMs, version: '17', memoryMb: 512, factor: 1.4 }] });
    const since = beginning + 8 * dayMs;
    expect((await observing(dearer, { sinceChangeMs: since, required: cheaper })).sinceChange).toMatchObject({
      change: { kind: 'date' },
      required: { decided: 'fails' },
    });
  });

  it('names a denied source, and goes on with the others', async () => {
    const of = short();
    const denied = () =>
      Promise.reject(new TuneError('ACCESS_DENIED', 'Not allowed: logs:FilterLogEvents on the log group.'));
    const whole = productionOf(of);
    const noEvents = await observing(of, {
      production: {
        ...whole,
        records: (source, range, signal) => (source === 'events' ? denied() : whole.records(source, range, signal)),
      },
    });
    expect(noEvents.sources.map(({ source, status }) => `${source} ${status}`)).toEqual([
      'metrics read',
      'events denied',
      'insights read',
    ]);
    expect(noEvents.total.costPerMonthUsd).not.toBeNull();

    const noMetrics = await observing(of, { production: { ...whole, metrics: denied } });
    expect(noMetrics.sources[0]).toMatchObject({ source: 'metrics', status: 'denied' });
    const { calls } = trueBill(of);
    expect(Math.abs(noMetrics.total.invocations / calls - 1)).toBeLessThan(0.1);

    const onlyMetrics = await observing(of, { production: { ...whole, records: denied } });
    expect(onlyMetrics.total).toMatchObject({ invocations: calls, coldShare: null, maxMemoryUsedMb: null });
    expect(onlyMetrics.warnings.map(({ code }) => code)).toEqual(['noRecords', 'endedEarly']);
  });

  it('knows deployments and what they did to the cost from counts by version alone', async () => {
    const of = short({ eras: [{ fromMs: beginning + 8 * dayMs, version: '17', memoryMb: 1024, factor: 0.6 }] });
    const { changes, sample } = await observing(of, { alias: true, source: 'metrics' });
    expect(sample.records).toBe(0);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ at: '2026-10-13T00:00:00.000Z', what: 'version 17, 512 → 1024 MB' });
    // Twice the memory for 0.6 of the time; requests cost the same.
    expect(changes[0]?.costRatio?.low).toBeGreaterThan(1.1);
    expect(changes[0]?.costRatio?.high).toBeLessThan(1.25);
  });

  it('says that a log at level WARN holds no records', async () => {
    const { sources, total } = await observing(short(), { recordsMissing: 'its system log level is WARN' });
    expect(sources.slice(1).map(({ status, note }) => [status, note])).toEqual([
      ['unusable', 'its system log level is WARN'],
      ['unusable', 'its system log level is WARN'],
    ]);
    expect(total.coldShare).toBeNull();
  });

  it('keeps the cap with a group of 2 TB, and says before what it costs', async () => {
    const of = month(6, { callsPerDay: 3000, bytesPerCall: 2e12 / (3000 * 14) }, 14);
    const said: string[] = [];
    const { spend, sources, sample } = await observing(of, { source: 'insights', capUsd: 0.05, said });
    expect(spend.spentUsd).toBeGreaterThan(0.01);
    expect(spend.spentUsd).toBeLessThanOrEqual(0.05);
    expect(said[0]).toBe('counts: 0.0001');
    expect(said[1]).toMatch(/^records: 0\.0[34]/);
    expect(sources[1]?.source).toBe('insights');
    expect(sample.records).toBeGreaterThan(0);
  });

  it('keeps the cap where more is scanned than was expected', async () => {
    const of = month(6, { callsPerDay: 3000, bytesPerCall: 2e12 / (3000 * 14) }, 14);
    const whole = productionOf(of);
    const records = async (...asked: Parameters<typeof whole.records>) => {
      const read = await whole.records(...asked);
      return { ...read, bytesScanned: read.bytesScanned * 3 };
    };
    const { spend, sample } = await observing(of, { source: 'insights', production: { ...whole, records } });
    expect(sample.endedBy).toBe('cap');
    expect(spend.spentUsd).toBeLessThanOrEqual(0.05);
  });

  it('that was interrupted keeps what it has', async () => {
    const of = month(7, {}, 14);
    const stop = new AbortController();
    const whole = productionOf(of);
    let reads = 0;
    const records = async (...asked: Parameters<typeof whole.records>) => {
      reads += 1;
      if (reads === 60) stop.abort();
      return whole.records(...asked);
    };
    const { sample, total, sources } = await observing(of, { production: { ...whole, records }, signal: stop.signal });
    expect(sample.endedBy).toBe('interrupt');
    expect(sample.windows).toBeGreaterThanOrEqual(60);
    expect(sources.at(-1)?.status).toBe('partly');
    expect(total.costPerMonthUsd).not.toBeNull();
  });

  it('bounds what tuning could be worth, and may say that it is not', async () => {
    const { worth, total } = await observing(short());
    expect(worth.atMostUsdPerMonth).toBeGreaterThan(0);
    expect(worth.atMostUsdPerMonth).toBeLessThan(total.costPerMonthUsd?.estimate ?? 0);
    expect(worth.because).not.toContain('over-provisioned');
    const rare = await observing(month(5, { callsPerDay: 5 }, 14));
    expect(rare.worth.isWorthMeasuring).toBe(false);
  });
});

describe('steps', () => {
  it('of 8 % are found without a deployment, and none where nothing changed', () => {
    expect(foundIn(3, { days: 14, step: 1.08 }).map(({ ratio }) => ratio.estimate > 1.04)).toEqual([true]);
    expect(foundIn(3, { days: 14 })).toEqual([]);
  });

  it('that are known have before and after without the weekdays', () => {
    const range = { fromMs: beginning, toMs: beginning + 14 * dayMs };
    const at = beginning + 8.4 * dayMs;
    const [ratio] = knownSteps(unitsOf(pointsOf(4, { days: 14, step: 1.2 }), range, [at]), 1);
    expect(ratio?.low).toBeLessThan(1.2);
    expect(ratio?.high).toBeGreaterThan(1.2);
    expect(ratio?.low).toBeGreaterThan(1.1);
  });

  it('without anything before them cannot be told', () => {
    const range = { fromMs: beginning, toMs: beginning + 14 * dayMs };
    expect(knownSteps(unitsOf(pointsOf(4, { days: 14 }), range, [beginning - 1]), 1)).toEqual([undefined]);
  });
});

describe('what is required of a change', () => {
  const change = (low: number, high: number) => ({
    at: '2026-11-20T00:00:00.000Z',
    kind: 'version' as const,
    what: 'version 17',
    costRatio: { estimate: (low + high) / 2, low, high },
    durationRatio: null,
  });
  it.each([
    [0.8, 0.95, 'holds'],
    [1.05, 1.2, 'fails'],
    // No saving of 2 % or more is left.
    [0.99, 1.005, 'fails'],
    [0.9, 1.1, 'inconclusive'],
  ])('cheaper, from %d to %d: %s', (low, high, decided) => {
    const required = { require: 'cheaper', maxSlowdown: 0.05 } as const;
    expect(sinceChangeOf([change(low, high)], false, required).required?.decided).toBe(decided);
  });

  it('cannot be told without durations', () => {
    const required = { require: 'both', maxSlowdown: 0.05 } as const;
    expect(sinceChangeOf([change(0.8, 0.9)], false, required).required?.decided).toBe('inconclusive');
  });

  it('needs a change', () => {
    expect(() => sinceChangeOf([], false, undefined)).toThrow('No deployment or change of settings');
  });
});

describe('idle environments', () => {
  const call = (atS: number, stream: string, initMs?: number): ObservedCall => ({
    atMs: atS * 1000,
    stream,
    version: '1',
    memoryMb: 128,
    architecture: 'x86_64',
    isGuessed: false,
    durationMs: 100,
    billedMs: 100,
    costUsd: 0,
    initMs,
    chargesUsd: { requests: 0, duration: 0, init: 0, snapStart: 0, storage: 0 },
    warmBilledMs: 100,
    maxMemoryUsedMb: 60,
    outcome: 'ended',
  });

  it('live as long as the pauses that they survive, and not as long as those after which they are gone', () => {
    const calls: ObservedCall[] = [];
    let atS = 0;
    for (let round = 0; round < 8; round += 1) {
      calls.push(call(atS, `s${round}`, 200), call(atS + 200 + round, `s${round}`));
      atS += 200 + round + 500;
    }
    const found = idleLifeOf([calls]);
    expect(found?.low).toBeGreaterThan(200);
    expect(found?.low).toBeLessThan(210);
    expect(found?.high).toBeGreaterThan(490);
    expect(found?.estimate).toBeLessThan(500);
  });

  it('are not spoken of without pauses', () => {
    expect(idleLifeOf([[call(1, 'a', 200)]])).toBeUndefined();
  });
});
