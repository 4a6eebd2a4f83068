import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../src/local/runtime/callerAnswer.ts';
import { awaitEnding, awaitInit } from '../../../src/local/runtime/phases.ts';
import type { Sandbox, SandboxEvent } from '../../../src/local/runtime/sandbox.ts';
import { startedAtMs, usedUntilStart } from '../../../src/local/timing/startMoment.ts';

const seen = { nowMs: 5000, epochMs: 1_795_000_000_900 };

it('takes the start from what the runtime said, not from when that was seen', () => {
  expect(startedAtMs('1795000000800250000\n', 4000, seen)).toBeCloseTo(4900.25, 2);
});

it('hears with it what the process had run and waited until then, where the host counts that', () => {
  expect(startedAtMs('1795000000800250000 5250000 12000000 7\n', 4000, seen)).toBeCloseTo(4900.25, 2);
  expect(startedAtMs('1795000000800250000 \n', 4000, seen)).toBeCloseTo(4900.25, 2);
  expect(usedUntilStart('1795000000800250000 5250000 12000000 7\n')).toEqual({ ranMs: 5.25, waitedMs: 12 });
  expect(usedUntilStart(' 5250000 12000000 7\n')).toEqual({ ranMs: 5.25, waitedMs: 12 });
  expect(usedUntilStart('1795000000800250000 \n')).toBeUndefined();
});

it('takes the moment it was seen where the host tells no time, or something else', () => {
  for (const told of ['\n', '1795000000N\n', '', '17950000008002500001\n', '1795000000800250000', '-1e300\n']) {
    expect(startedAtMs(told, 4000, seen)).toBe(5000);
  }
});

it('stays between the opening and the moment it was seen when a clock was set', () => {
  expect(startedAtMs('1794000000800250000\n', 4000, seen)).toBe(4000);
  expect(startedAtMs('1796000000800250000\n', 4000, seen)).toBe(5000);
});

/** A sandbox of which only the events matter. */
function sandboxOf(events: readonly SandboxEvent[]): Sandbox {
  const queue = [...events];
  const extensions = { readySinceMs: () => 0 };
  return { openedAtMs: 1000, nextEvent: async () => queue.shift(), extensions } as unknown as Sandbox;
}

it('counts an init from its start also where the end of it is seen first', async () => {
  const started = { kind: 'started', atMs: 1100 } as const;
  const next = { kind: 'next', atMs: 1350, lateMs: 3 } as const;
  expect(await awaitInit(sandboxOf([started, next]), 10_000)).toEqual({
    kind: 'ready',
    durationMs: 250,
    lateMs: 3,
  });
  expect(await awaitInit(sandboxOf([next, started]), 10_000)).toEqual({
    kind: 'ready',
    durationMs: 250,
    lateMs: 3,
  });
});

it('takes an answer that broke off for the ending of a call only where the runtime lives on', async () => {
  const truncated = { kind: 'responseTruncated', atMs: 1200 } as const;
  const next = { kind: 'next', atMs: 1210, lateMs: 0 } as const;
  const exit = { kind: 'exit', atMs: 1205, exitCode: 7, signal: null, outOfMemory: false } as const;
  const lives = await awaitEnding(sandboxOf([truncated, next]), 1000, 3000);
  const dies = await awaitEnding(sandboxOf([truncated, exit]), 1000, 3000);
  expect(lives).toMatchObject({ kind: 'idle', answer: truncated });
  expect(dies).toEqual(exit);
  if (lives.kind === 'timeout') throw new Error('ended');
  expect(answerOf('id-1', lives)).toMatchObject({ status: 'error', functionError: 'Unhandled' });
  expect(JSON.parse(answerOf('id-1', lives).payload.toString())).toEqual({
    errorType: 'Runtime.TruncatedResponse',
    errorMessage: 'RequestId: id-1 Error: HTTP request detected as truncated',
  });
});

it('an init that came to no end took all of its time', async () => {
  const started = { kind: 'started', atMs: 1100 } as const;
  expect(await awaitInit(sandboxOf([started]), 10_000)).toEqual({ kind: 'timeout', durationMs: 10_000 });
});

/** A sandbox whose extensions have all been waiting since a moment. */
function sandboxWith(readySinceMs: number | undefined, ...events: readonly SandboxEvent[]): Sandbox {
  const queue = [...events];
  const extensions = { readySinceMs: () => readySinceMs };
  return { openedAtMs: 1000, nextEvent: async () => queue.shift(), extensions } as unknown as Sandbox;
}

describe('a call with extensions', () => {
  const answer = { kind: 'response', atMs: 1010, body: Buffer.from('1'), bytes: 1 } as unknown as SandboxEvent;
  const next = { kind: 'next', atMs: 1400, lateMs: 0 } as const;

  it('tells when they were ready, though the runtime, which waited for a core, was later', async () => {
    const ready = { kind: 'extensionsReady', atMs: 1300 } as const;
    expect(await awaitEnding(sandboxWith(1300, answer, ready, next), 1000, 3000)).toMatchObject({
      kind: 'idle',
      runtime: { atMs: 1400 },
      extensions: { atMs: 1300 },
    });
  });

  it('tells when they were ready, though that is still in the queue when the runtime is seen', async () => {
    const ready = { kind: 'extensionsReady', atMs: 1500 } as const;
    expect(await awaitEnding(sandboxWith(1500, answer, next, ready), 1000, 3000)).toMatchObject({
      kind: 'idle',
      extensions: { atMs: 1500 },
    });
  });

  it('tells nothing of those that had nothing to do, and an init waits for all', async () => {
    const left = { kind: 'extensionsReady', atMs: 900 } as const;
    expect(await awaitEnding(sandboxWith(900, left, answer, next), 1000, 3000)).toMatchObject({
      kind: 'idle',
      extensions: undefined,
    });
    const started = { kind: 'started', atMs: 1100 } as const;
    // Both came in one turn of the loop.
    expect(await awaitInit(sandboxWith(1500, started, next), 10_000)).toMatchObject({ kind: 'ready', durationMs: 400 });
  });
});
