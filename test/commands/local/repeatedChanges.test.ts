import { describe, expect, it } from 'vitest';
import { repeatedChanges } from '../../../src/commands/local/repeatedChanges.ts';

describe('what changes because files are read again', () => {
  function watched(namesIn: () => readonly string[] = () => []) {
    const leftOut: string[] = [];
    const repeated = repeatedChanges(({ path, isFolder }) => leftOut.push(isFolder ? `new in ${path}` : path), namesIn);
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
    const change = (path: string, afterMs: number, event = 'change') => {
      nowMs += afterMs;
      repeated.seen(path, event, nowMs);
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

  it('is not what a program writes that has seen the answer of the code before', () => {
    const { leftOut, repeated, reload, change } = watched();
    const waits = [];
    for (let round = 0; round < 20; round += 1) {
      waits.push(reload());
      repeated.answered();
      change('index.mjs', 5);
    }
    expect(leftOut).toEqual([]);
    expect(Math.max(...waits)).toBe(150);
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

  it('is what has a new name each time, too: what is new in that folder is left out, and what was there is not', () => {
    const names = ['index.mjs'];
    const { leftOut, repeated, reload, change } = watched(() => names);
    const waits = [];
    for (let round = 0; round < 8; round += 1) {
      waits.push(reload());
      const name = `made-${round}.mjs`;
      names.push(name);
      change(`fn/${name}`, 20, 'add');
      change(`fn/${name}`, 20);
      if (round > 0) change(`fn/made-${round - 1}.mjs`, 0, 'unlink');
    }
    expect(waits.slice(0, 5)).toEqual([150, 300, 600, 1200, 2400]);
    expect(leftOut).toEqual(['new in fn']);
    const isLeftOut = ['fn/made-9.mjs', 'fn/made-1/x.mjs', 'fn/index.mjs', 'fn', 'other'].map(repeated.isLeftOut);
    expect(isLeftOut).toEqual([true, true, false, false, false]);
  });

  it('is not a branch that brings many new files at once, nor one file that is removed and written again', () => {
    const { leftOut, reload, change } = watched();
    for (let round = 0; round < 8; round += 1) {
      reload();
      for (let file = 0; file < 20; file += 1) change(`fn/${round}-${file}.mjs`, file === 0 ? 1100 : 5, 'add');
    }
    expect(leftOut).toEqual([]);
    for (let round = 0; round < 8; round += 1) {
      reload();
      change('fn/log', 20, 'unlink');
      change('fn/log', 20, 'add');
    }
    expect(leftOut).toEqual(['fn/log']);
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
