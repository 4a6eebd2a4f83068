import { describe, expect, it } from 'vitest';
import { parseArrivals, parseRate } from '../../src/traffic/traffic.ts';

describe('a rate', () => {
  it.each([
    ['rps=20', 20],
    ['rps=.5', 0.5],
    ['3/s', 3],
    ['300/minute', 5],
    ['7.2k/h', 2],
    // 30.4 days of 86,400 s
    ['2626560/month', 1],
    ['1M/month', 0.380726],
    ['86.4k/day', 1],
  ])('%s', (text, perSecond) => {
    const rate = parseRate(text);
    expect(rate?.kind === 'rate' && rate.perSecond).toBeCloseTo(perSecond, 6);
  });

  it.each(['rps=0', 'rps=-1', 'rps=twenty', 'rps=1e9', '0/month'])('%s is refused', (text) => {
    expect(() => parseRate(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  it('anything else is the name of a file', () => {
    expect(parseRate('arrivals.csv')).toBeUndefined();
  });
});

describe('a file', () => {
  it('of minute,count has gaps without calls', () => {
    expect(parseArrivals('minute,count\r\n600,2\r\n602,5\r\n', 'a.csv')).toEqual({
      kind: 'minutes',
      minutesEach: 1,
      counts: [2, 0, 5],
      startMinute: 600,
    });
  });

  it('may date its minutes', () => {
    expect(parseArrivals('"minute","count"\n2026-11-01T08:30:00Z,1\n2026-11-01 08:31,2\n', 'a.csv')).toEqual({
      kind: 'minutes',
      minutesEach: 1,
      counts: [1, 2],
      startMinute: 510,
    });
  });

  it('of arrival times is put in order and begins with the minute of the first', () => {
    const traffic = parseArrivals('200\n130.5\n\n131\n', 'a.csv');
    expect(traffic).toEqual({ kind: 'arrivals', atS: Float64Array.from([10.5, 11, 80]), startMinute: 2 });
  });

  it.each([
    ['', 'it is empty'],
    ['minute,count\n', 'no call arrives in it'],
    ['0,0\n1,0', 'no call arrives in it'],
    ['1\ntwo\n3', 'line 2 is not an arrival time in seconds but "two"'],
    ['minute,count\n1,2\n1,3', 'line 3 has minute 1 a second time'],
    ['minute,count\n1,many', 'line 2 is not "minute,count" but "1,many"'],
    ['minute,count\n1,2,3', 'line 2 is not "minute,count" but "1,2,3"'],
    ['minute,count\n0,1\n999999999,1', 'it spans more than 600000 minutes'],
  ])('%j is refused with its reason', (content, reason) => {
    expect(() => parseArrivals(content, 'a.csv')).toThrow(`The traffic in a.csv cannot be used: ${reason}.`);
  });
});
