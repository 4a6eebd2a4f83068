import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/model/engine/events.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { cleanUpSentence, renderFrame, shownStage, statusLine } from '../../src/progress/frame.ts';
import { type Expectation, openState, type ProgressState, reduce } from '../../src/progress/state.ts';
import { textWidth } from '../../src/text/wrapText.ts';
import { hostile } from '../reporters/savedRuns.ts';

const roomy = { columns: 80, rows: 24 };
const arm = { architecture: 'arm64', memoryMb: 512 } as const;
const x86 = { architecture: 'x86_64', memoryMb: 1024 } as const;

function measured(
  configuration: typeof arm | typeof x86,
  durationMs: number,
  more: { readonly start?: 'cold' | 'warm'; readonly spentUsd?: number; readonly functionName?: string } = {},
): RunEvent {
  const measurement: Measurement = {
    requestId: 'r',
    startedAt: '2026-11-23T09:30:00.000Z',
    environment: '1',
    start: more.start ?? 'warm',
    outcome: 'succeeded',
    durationMs,
    billedDurationMs: durationMs,
    maxMemoryUsedMb: 64,
    costUsd: 0.000001,
  };
  const { functionName } = more;
  return {
    kind: 'measured',
    configuration,
    measurement,
    spentUsd: more.spentUsd ?? 0.000123,
    ...(functionName === undefined ? {} : { functionName }),
  };
}

const account = (action: 'created' | 'ready' | 'removed', ...names: readonly string[]): readonly RunEvent[] =>
  names.map((name) => ({ kind: 'account', action, name }));

/** One event a second. */
function replay(events: readonly RunEvent[], expectation?: Expectation): ProgressState {
  const opened = { ...openState('reference', 0), ...(expectation === undefined ? {} : { expectation }) };
  return events.reduce((state, event, index) => reduce(state, event, 1000 * (index + 1)), opened);
}

const list: Expectation = { calls: 42, isFixed: true, callsEach: 21, estimateUsd: 0.00091, capUsd: 0.5 };

describe('what is shown while a run works', () => {
  it('begins with the first copy, then tries it', () => {
    expect(statusLine(replay([]), 0)).toBe('Creating the first copy · 0 s elapsed');
    expect(shownStage(replay(account('created', 'tune-a')))).toBe('deploy');
    expect(statusLine(replay(account('ready', 'tune-a')), 1000)).toBe(
      'Trying a copy at the reference size · 1 s elapsed',
    );
  });

  it('counts calls, dollars against estimate and cap, copies, throttles, and says each mean', () => {
    const state = replay(
      [
        ...account('created', '/aws/lambda/tune-run', 'tune-a', 'tune-b'),
        ...account('ready', 'tune-a'),
        { kind: 'stage', stage: 'measure' },
        measured(x86, 900, { start: 'cold' }),
        measured(x86, 100),
        measured(x86, 110),
        measured(arm, 200),
        { kind: 'throttled', reason: 'busy', inFlightLimit: 2 },
      ],
      list,
    );
    expect(renderFrame(state, 75_000, roomy)).toEqual([
      'Measuring · 4/42 calls · $0.000123 of about $0.000910, at most $0.500',
      '1/2 copies ready · throttled 1×, 2 in flight · 1 min 15 s elapsed',
      'a few seconds left',
      '  x86_64 1,024 MB   3/21 calls  mean 105 ms',
      '  arm64 512 MB      1/21 calls  mean 200 ms',
    ]);
  });

  it('does not wait for the calls of a configuration that cannot work', () => {
    const state = replay(
      [
        { kind: 'stage', stage: 'measure' },
        measured(arm, 200),
        { kind: 'laneEnded', configuration: arm, reason: 'out of memory' },
      ],
      list,
    );
    expect(renderFrame(state, 3000, roomy)).toEqual([
      'Measuring · 1/22 calls · $0.000123 of about $0.000910, at most $0.500',
      '3 s elapsed',
      '  arm64 512 MB      1 calls  stopped',
    ]);
  });

  it('says of a race what it usually takes, until it has taken more', () => {
    const race: Expectation = { calls: 3, isFixed: false };
    const begun = [{ kind: 'stage', stage: 'measure' } as const, measured(arm, 1), measured(arm, 1)];
    expect(statusLine(replay(begun, race), 3000)).toBe(
      'Measuring · 2 calls (usually at most 3) · $0.000123 · 3 s elapsed',
    );
    const longer = [...begun, measured(arm, 1), measured(x86, 1)];
    expect(statusLine(replay(longer, race), 5000)).toBe('Measuring · 4 calls · $0.000123 · 5 s elapsed');
  });

  it('names the functions where several are measured side by side', () => {
    const state = replay([
      { kind: 'stage', stage: 'measure' },
      measured(arm, 10, { functionName: 'orders' }),
      measured(arm, 20, { functionName: hostile }),
    ]);
    expect(renderFrame(state, 3000, roomy)).toEqual([
      'Measuring · $0.000123 · 3 s elapsed',
      '  orders arm64 512 MB                          1 call   mean 10.0 ms',
      '  x\\x1b[2J\\x1b[31m\\x9b1m\\r\\n… arm64 512 MB     1 call   mean 20.0 ms',
    ]);
    expect(renderFrame(state, 3000, roomy).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('shows the cleaning up, and that nothing is left', () => {
    const made = account('created', 'tune-a', 'tune-b', '/aws/lambda/tune-run');
    const removing = replay([
      ...made,
      { kind: 'stage', stage: 'cleanUp' },
      ...account('removed', 'tune-a', 'tune-a:3'),
    ]);
    expect(statusLine(removing, 9000)).toBe('Removing the copies · 1/2 removed · 9 s elapsed');
    const rest = account('removed', 'tune-b', '/aws/lambda/tune-run');
    expect(cleanUpSentence(rest.reduce((state, event) => reduce(state, event, 0), removing))).toBe(
      '2 of 2 copies removed; nothing is left behind.',
    );
    const left = { kind: 'function', name: 'x', region: 'r', reason: 'denied', command: 'aws' } as const;
    expect(cleanUpSentence(reduce(removing, { kind: 'leftBehind', items: [left] }, 0))).toBe(
      '1 of 2 copies removed; 1 thing could not be removed, see below.',
    );
    expect(cleanUpSentence(replay([]))).toBeUndefined();
  });

  it('keeps to the width and height of the terminal', () => {
    const sizes = Array.from({ length: 40 }, (_, index) => ({ architecture: 'arm64', memoryMb: 128 + index }) as const);
    const calls = sizes.map((configuration) => measured({ ...arm, ...configuration } as typeof arm, 100));
    const state = replay([{ kind: 'stage', stage: 'measure' }, ...calls], list);
    for (const columns of [1, 20, 40, 80, 120, 200]) {
      for (const rows of [1, 5, 24, 60]) {
        const lines = renderFrame(state, 50_000, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(Math.max(1, columns - 1));
      }
    }
    expect(renderFrame(state, 50_000, roomy).at(-1)).toBe('  and 20 more');
  });
});
