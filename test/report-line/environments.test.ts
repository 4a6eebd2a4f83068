import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../src/model/measurement.ts';
import { nameEnvironments } from '../../src/report-line/environments.ts';

function call(requestId: string, environment: string, start: 'cold' | 'warm'): Measurement {
  const reported = { durationMs: 10, billedDurationMs: 10, maxMemoryUsedMb: 50, costUsd: 0.000001 };
  return { requestId, startedAt: '2026-11-23T12:00:00.000Z', environment, start, outcome: 'succeeded', ...reported };
}

const names = (calls: readonly Measurement[], streams: Record<string, string> = {}) =>
  nameEnvironments(calls, new Map(Object.entries(streams))).map(({ environment }) => environment);

describe('the names of execution environments', () => {
  it('are the log streams where the logs told them', () => {
    const calls = [call('a', '1', 'cold'), call('b', '1', 'warm'), call('c', '2', 'warm')];
    expect(names(calls, { a: 'stream-x', b: 'stream-x', c: 'stream-x' })).toEqual(['stream-x', 'stream-x', 'stream-x']);
  });

  it('are the chains of calls without logs, and another one after each further cold start', () => {
    const calls = [call('a', '1', 'cold'), call('b', '2', 'cold'), call('c', '1', 'warm'), call('d', '1', 'cold')];
    expect(names(calls)).toEqual(['1', '2', '1', '1.2']);
  });

  it('follow the call before in the chain where the logs are late, but not over a cold start', () => {
    const calls = [call('a', '1', 'cold'), call('b', '1', 'warm'), call('late', '1', 'warm'), call('d', '1', 'cold')];
    expect(names(calls, { a: 'stream-x', b: 'stream-x' })).toEqual(['stream-x', 'stream-x', 'stream-x', '1.2']);
  });
});
