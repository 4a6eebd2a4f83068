import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/model/events.ts';
import type { Measurement } from '../../src/model/measurement.ts';
import { joinEvents } from '../../src/progress/joinedEvents.ts';

const configuration = { memoryMb: 512, architecture: 'x86_64' } as const;
const paid = (spentUsd: number): RunEvent => ({
  kind: 'measured',
  configuration,
  measurement: { outcome: 'unreported' } as Measurement,
  spentUsd,
});
const stage = (name: 'reference' | 'measure' | 'cleanUp' | 'done'): RunEvent => ({ kind: 'stage', stage: name });

describe('several functions under one view', () => {
  it('count dollars together, never backwards', () => {
    const seen: number[] = [];
    const [one, other] = joinEvents(2, (event) => event.kind === 'measured' && seen.push(event.spentUsd));
    one?.onEvent(paid(0.5));
    other?.onEvent(paid(0.125));
    one?.onEvent(paid(0.75));
    other?.onEvent(paid(0.25));
    expect(seen).toEqual([0.5, 0.625, 0.875, 1]);
  });

  it('enter each stage once: clean-up when the last has come to it, done when all are', () => {
    const seen: string[] = [];
    const [one, other, last] = joinEvents(3, (event) => event.kind === 'stage' && seen.push(event.stage));
    for (const name of ['reference', 'measure', 'cleanUp', 'done'] as const) one?.onEvent(stage(name));
    one?.end();
    for (const name of ['reference', 'measure'] as const) other?.onEvent(stage(name));
    expect(seen).toEqual(['reference', 'measure']);
    // Failed before it could begin.
    last?.end();
    expect(seen).toEqual(['reference', 'measure']);
    other?.onEvent(stage('cleanUp'));
    expect(seen).toEqual(['reference', 'measure', 'cleanUp']);
    other?.onEvent(stage('done'));
    expect(seen).toEqual(['reference', 'measure', 'cleanUp', 'done']);
  });

  it('add up what is left behind', () => {
    const seen: number[] = [];
    const [one, other] = joinEvents(2, (event) => event.kind === 'leftBehind' && seen.push(event.items.length));
    const item = { kind: 'function', name: 'tune-a', region: 'r', reason: 'x', command: 'y' } as const;
    one?.onEvent({ kind: 'leftBehind', items: [item] });
    other?.onEvent({ kind: 'leftBehind', items: [item] });
    expect(seen).toEqual([1, 2]);
  });
});
