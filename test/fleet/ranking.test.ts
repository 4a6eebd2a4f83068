import { describe, expect, it } from 'vitest';
import { parseAccounts, withRole } from '../../src/fleet/accounts.ts';
import { countedOf, countQueries, countsCostUsd, countsRange } from '../../src/fleet/counts.ts';
import { rankingOf } from '../../src/fleet/ranking.ts';
import { ownerByTags, riskOf } from '../../src/fleet/risk.ts';
import { chosenOf } from '../../src/fleet/select.ts';
import { inShard, shardShareOf } from '../../src/fleet/shards.ts';
import { unknownWorth, worthByCounts, worthObserved } from '../../src/fleet/worth.ts';
import type { ListedFunction } from '../../src/model/fleet/listedFunction.ts';
import type { Observation } from '../../src/model/production/observation.ts';
import { costModelFor } from '../../src/pricing/pricing.ts';
import { rankingReporters } from '../../src/reporters/registry.ts';

const dayMs = 86_400_000;
const range = { fromMs: 0, toMs: 30.4 * dayMs };

function listed(functionName: string, change: Partial<ListedFunction> = {}): ListedFunction {
  return {
    functionName,
    functionArn: `arn:aws:lambda:us-east-1:111111111111:function:${functionName}`,
    accountId: '111111111111',
    region: 'us-east-1',
    memoryMb: 1024,
    architecture: 'x86_64',
    packageType: 'Zip',
    timeoutS: 3,
    ephemeralStorageMb: 512,
    inVpc: false,
    hasFileSystem: false,
    ...change,
  };
}

function ranked(calls: Readonly<Record<string, number>>) {
  return rankingOf({
    toolVersion: '0.1.0',
    now: new Date(0),
    range,
    functions: Object.entries(calls).map(([name, invocations]) => ({
      listed: listed(name),
      reach: {},
      worth: worthByCounts(listed(name), { invocations, meanDurationMs: 99.5 }, range, costModelFor('us-east-1')),
      eventSources: [],
      tags: { Team: '=cmd()' },
    })),
    places: [{ accountId: '111111111111', region: 'us-east-1', status: 'read', notes: [] }],
    spend: { estimatedUsd: 0, spentUsd: 0, capUsd: 0.05 },
    warnings: [],
  });
}

describe('a ranking', () => {
  it('asks two series of each function, and 500 functions cost a cent', () => {
    expect(countQueries([listed('a'), listed('b')], 86_400).map(({ id, metric }) => `${id} ${metric}`)).toEqual([
      'calls0 Invocations',
      'mean0 Duration',
      'calls1 Invocations',
      'mean1 Duration',
    ]);
    expect(countsCostUsd(500)).toBeCloseTo(0.01, 12);
    expect(countsRange({ fromMs: dayMs + 5, toMs: 9 * dayMs, cellMs: 3_600_000 })).toEqual({
      fromMs: dayMs,
      toMs: 9 * dayMs,
      stepS: 86_400,
    });
  });

  it('weighs means by their calls', () => {
    const found = new Map([
      [
        'calls0',
        new Map([
          [0, 10],
          [1, 30],
        ]),
      ],
      [
        'mean0',
        new Map([
          [0, 100],
          [1, 200],
        ]),
      ],
    ]);
    expect(countedOf(found, 0)).toEqual({ invocations: 40, meanDurationMs: 175 });
    expect(countedOf(found, 1)).toEqual({ invocations: 0, meanDurationMs: undefined });
  });

  it('puts what could save most first, with its share of the bill, and what is not called last', () => {
    const fleet = ranked({ small: 1000, none: 0, large: 3_000_000 });
    expect(fleet.functions.map(({ functionName }) => functionName)).toEqual(['large', 'small', 'none']);
    // 3,000,000 × (1 GB × 0.1 s × $0.0000166667 + $0.0000002)
    expect(fleet.functions[0]?.monthlyUsd).toBeCloseTo(5.6, 2);
    expect(fleet.functions.map(({ isWorthMeasuring }) => isWorthMeasuring)).toEqual([true, true, false]);
    expect(fleet.total).toMatchObject({ functions: 3, worthMeasuring: 2 });
    expect(rankingReporters.csv(fleet, { columns: 80, color: false })).toContain("'=cmd()");
  });

  it('takes how many calls there are from the counts, also where few records were read', () => {
    const byCounts = worthByCounts(
      listed('a'),
      { invocations: 3_000_000, meanDurationMs: 100 },
      range,
      costModelFor('us-east-1'),
    );
    // 1,500 of 3,000,000 calls were seen: a log group keeps its records for a while, and the cap bounds what is read.
    const seen = {
      total: { invocations: 1500, costPerMonthUsd: { estimate: 0.003, low: 0.002, high: 0.004 } },
      worth: { atMostUsdPerMonth: 0.001, because: 'x', measuringUsd: 0.0006, isWorthMeasuring: true },
      sample: { records: 1500 },
      sources: [],
    } as unknown as Observation;
    const { monthlyUsd, atMostSavesUsd, invocationsPerMonth, basis } = worthObserved(byCounts, seen, 1);
    expect([monthlyUsd?.toFixed(6), atMostSavesUsd?.toFixed(6)]).toEqual(['6.000000', '2.000000']);
    expect([Math.round(invocationsPerMonth ?? 0), basis]).toEqual([3_000_000, 'records']);
  });

  it('has no figure for a place that could not be read', () => {
    const place = { accountId: '222222222222', region: '', status: 'denied', notes: ['no'] } as const;
    const { places, total } = rankingOf({
      toolVersion: '0.1.0',
      now: new Date(0),
      range,
      functions: [],
      places: [place],
      spend: { estimatedUsd: 0, spentUsd: 0, capUsd: 0.05 },
      warnings: [],
    });
    expect([places[0]?.monthlyUsd, total.monthlyUsd, total.atMostSavesUsd]).toEqual([null, null, null]);
  });

  it('does not say of what could not be read that it is not worth measuring', () => {
    const unread = rankingOf({
      toolVersion: '0.1.0',
      now: new Date(0),
      range,
      functions: [
        {
          listed: listed('a'),
          reach: {},
          worth: unknownWorth('its metrics could not be read'),
          eventSources: [],
          tags: {},
        },
      ],
      places: [{ accountId: '111111111111', region: 'us-east-1', status: 'partly', notes: ['metrics: denied'] }],
      spend: { estimatedUsd: 0, spentUsd: 0, capUsd: 0.05 },
      warnings: [],
    });
    expect(rankingReporters.quiet(unread, { columns: 200, color: false })).toBe(
      "Of 1 of 1 function with an unknown bill of Lambda's charges it cannot be told whether measuring is worth it: their figures could not be read.\n",
    );
    expect(rankingReporters.quiet(ranked({ none: 0 }), { columns: 200, color: false })).toContain('None of 1 function');
  });

  it('has every column in a pipe, and on a terminal what its width holds', () => {
    const wanted = ['saves at most', 'spend/month', 'share', 'measuring', 'pays back in', 'setting', 'risk', 'owner'];
    const fleet = ranked({ ['a'.repeat(40)]: 1000 });
    const missing = (isPipe: boolean) => {
      const text = rankingReporters.table(fleet, { columns: 80, color: false, isPipe });
      const heads = text.split('\n').find((line) => line.startsWith('function ')) ?? '';
      return wanted.filter((head) => !heads.includes(head));
    };
    expect([missing(true), missing(false)]).toEqual([[], ['share', 'measuring', 'pays back in', 'setting', 'owner']]);
  });

  it('chooses by place, by what could be saved, or by name', () => {
    const fleet = ranked({ small: 1000, none: 0, large: 3_000_000 });
    const names = (selection: Parameters<typeof chosenOf>[1]) =>
      chosenOf(fleet, selection).map(({ functionName }) => functionName);
    expect([names({}), names({ top: 1 }), names({ minSaving: 1 }), names({ only: ['none'] })]).toEqual([
      ['large', 'small'],
      ['large'],
      ['large'],
      ['none'],
    ]);
    expect(() => names({ only: ['gone'] })).toThrow('there is no such function');
  });

  it('names the owner by its tags, and the risk by what can be seen', () => {
    expect([
      ownerByTags({ 'acme:Owner': 'ann', team: 'x' }),
      ownerByTags({ Team: 'shop' }),
      ownerByTags({ stage: 'p' }),
    ]).toEqual(['ann', 'shop', null]);
    expect(riskOf({ inVpc: false, hasFileSystem: false }, []).level).toBe('low');
    expect(riskOf({ inVpc: false, hasFileSystem: false }, ['sqs']).level).toBe('some');
    expect(riskOf({ inVpc: false, hasFileSystem: true }, []).level).toBe('high');
    expect(riskOf({ inVpc: false, hasFileSystem: false }, undefined).reasons).toEqual([
      'its event sources could not be read',
    ]);
  });
});

describe('parts of the work', () => {
  it('have every function once, and share what may be in flight', () => {
    const all = ['a', 'b', 'c', 'd', 'e'];
    const parts = [1, 2, 3].map((index) => inShard(all, { index, of: 3 }));
    expect(parts).toEqual([['a', 'd'], ['b', 'e'], ['c']]);
    expect([1, 2, 3].map((index) => shardShareOf(32, { index, of: 3 }))).toEqual([11, 11, 10]);
    expect(() => shardShareOf(2, { index: 3, of: 3 })).toThrow('part 3 has none');
  });
});

describe('accounts of a file', () => {
  it('are ids, roles, or both in JSON', () => {
    expect(
      parseAccounts('111111111111 # shop\n\narn:aws:iam::222222222222:role/tune\n', 'a.txt').map(
        ({ accountId, role }) => accountId ?? role,
      ),
    ).toEqual(['111111111111', 'arn:aws:iam::222222222222:role/tune']);
    expect(
      parseAccounts('["111111111111", {"profile": "prod"}]', 'a.json').map(
        ({ accountId, profile }) => accountId ?? profile,
      ),
    ).toEqual(['111111111111', 'prod']);
    expect(() => parseAccounts('111111111111\nprod', 'a.txt')).toThrow('entry 2 is none');
  });

  it('are reached through the role that all of them have', () => {
    expect(withRole({ accountId: '222222222222' }, 'tune', 'aws').role).toBe('arn:aws:iam::222222222222:role/tune');
    expect(withRole({ accountId: '222222222222' }, 'arn:aws:iam::111111111111:role/x/tune', 'aws').role).toBe(
      'arn:aws:iam::222222222222:role/x/tune',
    );
    expect(() => withRole({ accountId: '222222222222' }, undefined, 'aws')).toThrow('none is named');
  });
});
