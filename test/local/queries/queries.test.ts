import { describe, expect, it } from 'vitest';
import { discoverFields } from '../../../src/local/queries/discoverFields.ts';
import { parseQuery } from '../../../src/local/queries/parseQuery.ts';
import { runQuery } from '../../../src/local/queries/runQuery.ts';

const report = (id: string, more: string) => `REPORT RequestId: ${id}\tDuration: ${more.replaceAll(', ', '\t')}\t\n`;
const messages = [
  'INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn:x\n',
  'START RequestId: a Version: $LATEST\n',
  '2026-11-23T10:00:00.001Z\t11111111-1111-4111-8111-111111111111\tINFO\t{"user":{"id":7},"ok":true}\n',
  'user=ada, method:GET, took 12 ms\n',
  report(
    'a',
    '10.25 ms, Billed Duration: 211 ms, Memory Size: 128 MB, Max Memory Used: 70 MB, Init Duration: 200.50 ms',
  ),
  report('b', '20.00 ms, Billed Duration: 20 ms, Memory Size: 128 MB, Max Memory Used: 72 MB'),
  report('c', '40.00 ms, Billed Duration: 40 ms, Memory Size: 256 MB, Max Memory Used: 90 MB'),
  '{"time":"2026-11-23T10:05:00Z","type":"platform.report","record":{"requestId":"d","status":"success","metrics":{"durationMs":8.5,"billedDurationMs":9,"memorySizeMB":512,"maxMemoryUsedMB":64}}}\n',
];
/** A minute apart, newest first. */
const events = messages
  .map((message, index) =>
    discoverFields(
      {
        logStreamName: 's',
        timestamp: Date.UTC(2026, 10, 23, 10, index),
        ingestionTime: Date.UTC(2026, 10, 23, 10, 30),
        message,
        eventId: String(index),
      },
      '000000000000:/aws/lambda/f',
    ),
  )
  .reverse();

function ask(query: string): Record<string, string>[] {
  const { rows } = runQuery(parseQuery(query), events, 10_000);
  return rows.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== '@ptr').map(({ field, value }) => [field, value])),
  );
}

const answers: readonly [string, readonly Record<string, string>[]][] = [
  [
    'filter @type = "REPORT" | fields @requestId, @duration, @initDuration, @memorySize | sort @timestamp asc | limit 2',
    [
      { '@requestId': 'a', '@duration': '10.25', '@initDuration': '200.5', '@memorySize': '1.28E8' },
      { '@requestId': 'b', '@duration': '20', '@memorySize': '1.28E8' },
    ],
  ],
  [
    'filter @type="REPORT" | stats max(@memorySize/1000/1000) as provisionedMB, max(@maxMemoryUsed / 1000 / 1000) as maxUsedMB, provisionedMB - maxUsedMB as overProvisionedMB',
    [{ provisionedMB: '256', maxUsedMB: '90', overProvisionedMB: '166' }],
  ],
  [
    'filter @type = "REPORT" | stats sum(@billedDuration) as ms, count(*) as n, pct(@duration, 50) as p50, avg(@duration) by @memorySize/1000/1000 as memMB | sort memMB',
    [
      { memMB: '128', ms: '231', n: '2', p50: '15.125', 'avg(@duration)': '15.125' },
      { memMB: '256', ms: '40', n: '1', p50: '40', 'avg(@duration)': '40' },
    ],
  ],
  [
    'filter @type = "REPORT" | stats count(*) as n, avg(@initDuration) as init by ispresent(@initDuration) as cold | sort cold desc',
    [
      { cold: '1', n: '1', init: '200.5' },
      { cold: '0', n: '2' },
    ],
  ],
  [
    'filter type = "platform.report" | stats sum(record.metrics.billedDurationMs)/1000 as s, max(record.metrics.maxMemoryUsedMB) as maxMB by record.metrics.memorySizeMB',
    [{ 'record.metrics.memorySizeMB': '512', s: '0.009', maxMB: '64' }],
  ],
  [
    'filter @type = "REPORT" | stats count() as n by bin(5m) | sort `bin(5m)` asc',
    [
      { 'bin(5m)': '2026-11-23 10:00:00.000', n: '1' },
      { 'bin(5m)': '2026-11-23 10:05:00.000', n: '2' },
    ],
  ],
  [
    'filter @requestId = "d" or record.requestId = "d" | fields @timestamp',
    [{ '@timestamp': '2026-11-23 10:07:00.000' }],
  ],
  [
    'filter @message like /Init Duration/ | parse @message /Init Duration: (?<init>.*?) ms/ | display init',
    [{ init: '200.50' }],
  ],
  [
    'parse @message "user=*, method:*, took" as @user, method | filter ispresent(method) | display @user, method',
    [{ '@user': 'ada', method: 'GET' }],
  ],
  ['filter user.id = 7 | fields ok, @requestId', [{ ok: '1', '@requestId': '11111111-1111-4111-8111-111111111111' }]],
  [
    'filter @message not like "R" and not ispresent(@type) and strlen(@message) < 40 | fields 1 + 2 * 3 as x, -x as y',
    [{ x: '7', y: '-7' }],
  ],
  [
    'filter @requestId in ["a", "b"] and @type in ["REPORT"] | stats min(@duration), max(@duration), count_distinct(@requestId) as ids',
    [{ 'min(@duration)': '10.25', 'max(@duration)': '20', ids: '2' }],
  ],
  ['# all of it\nstats count(*) # events', [{ 'count(*)': '8' }]],
  ['filter @duration > 1000 | stats count(*) as n, sum(@duration) as total', [{ n: '0', total: '0' }]],
  ['filter @duration > 15 | sort @duration desc | fields @duration | limit 1', [{ '@duration': '40' }]],
];

describe('a query of logs', () => {
  it.each(answers)('%s', (query, rows) => {
    expect(ask(query)).toEqual(rows);
  });

  it('shows time and message of events, newest first, where it names no field, and always where they are', () => {
    const { rows } = runQuery(parseQuery('limit 1'), events, 10_000);
    expect(rows[0]?.map(({ field }) => field)).toEqual(['@timestamp', '@message', '@ptr']);
    expect(rows[0]?.[0]?.value).toBe('2026-11-23 10:07:00.000');
  });

  it('counts what its filters left', () => {
    const query = parseQuery('filter @type = "REPORT" | stats count(*) by @requestId | filter `count(*)` > 5');
    expect(runQuery(query, events, 10_000)).toEqual({ recordsMatched: 3, rows: [] });
  });
});

const malformed: readonly [string, RegExp][] = [
  ['', /empty/],
  ['stats', /Expected a field, a number or a text at the end/],
  ['filter @type = ', /at the end of the query/],
  ['SELECT * FROM logs', /Expected one of the commands/],
  ['pattern @message', /Expected one of the commands fields/],
  ['fields @message |', /Expected one of the commands/],
  ['fields @message @type', /Expected "\|" at "@type" \(character 17\)/],
  ['filter avg(@duration) > 5', /avg is a function of stats, not of filter/],
  ['stats avg(max(@duration))', /max is a function of stats, not of avg/],
  ['stats geomean(@duration)', /does not have the function geomean/],
  ['stats count(*) by bin(5 parsecs)', /a period such as 5m/],
  ['limit 20000', /from 1 to 10000/],
  ['filter @message like /(/', /no regular expression/],
  ['parse @message "a=*, b=*" as a', /another number of names/],
  ['filter @message like ', /Expected a pattern/],
];
it.each(malformed)('is refused with the reason where it is not understood: %s', (query, reason) => {
  expect(() => parseQuery(query)).toThrow(reason);
});
