import { describe, expect, it } from 'vitest';
import { repeatedChanges } from '../../../src/commands/local/repeatedChanges.ts';

describe('what changes because files are read again', () => {
  function watched() {
    const leftOut: string[] = [];
    const repeated = repeatedChanges((path) => leftOut.push(path));
    let nowMs = 0;
    /** A reload after the wait that is asked for, of 100 ms. */
    const reload = () => {
      const waitMs = repeated.waitMs();
      nowMs += waitMs;
      repeated.begun();
      nowMs += 100;
      repeated.ended(nowMs);
      return waitMs;
    };
    const change = (path: string, afterMs: number) => {
      nowMs += afterMs;
      repeated.seen(path, nowMs);
    };
    return { leftOut, repeated, reload, change };
  }

  it('is waited for twice as long each time, and after five times in a row is left out and named once', () => {
    const { leftOut, repeated, reload, change } = watched();
    const waits = [];
    for (let round = 0; round < 8; round += 1) {
      waits.push(reload());
      change('log', 20);
    }
    expect(waits.slice(0, 5)).toEqual([150, 300, 600, 1200, 2400]);
    expect(leftOut).toEqual(['log']);
    expect([repeated.isLeftOut('log'), repeated.isLeftOut('index.mjs')]).toEqual([true, false]);
  });

  it('is not what people save, however fast: they go on while it is waited', () => {
    const { leftOut, reload, change } = watched();
    for (let round = 0; round < 50; round += 1) {
      change('index.mjs', 400);
      change('index.mjs', 700);
      reload();
      // They stop to think now and then.
      change('index.mjs', round % 4 === 3 ? 1500 : 300);
    }
    expect(leftOut).toEqual([]);
  });

  it('keeps nothing waiting that changes besides', () => {
    const { repeated, reload, change } = watched();
    for (let round = 0; round < 3; round += 1) {
      reload();
      change('log', 20);
    }
    expect(repeated.waitMs()).toBe(1200);
    change('index.mjs', 2000);
    expect(repeated.waitMs()).toBe(150);
  });

  it('counts what is written while files are being read', () => {
    const { leftOut, repeated, change } = watched();
    for (let round = 0; round < 5; round += 1) {
      repeated.begun();
      change('made.json', 2000);
      repeated.ended(round * 10_000);
    }
    expect(leftOut).toEqual(['made.json']);
  });
});
