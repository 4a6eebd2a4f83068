import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { TextOutput } from '../../src/base/io.ts';
import type { RunEvent } from '../../src/model/engine/events.ts';
import { createProgress, type ProgressOptions } from '../../src/progress/progress.ts';

/** A terminal and a clock in the hands of the test. */
function watch(mode: ProgressOptions['mode'], more: Partial<ProgressOptions> = {}) {
  let nowMs = 0;
  const ticks = new Set<{ readonly run: () => void; readonly everyMs: number }>();
  const written: string[] = [];
  const stream = Object.assign(new EventEmitter(), { rows: 24 });
  const output: TextOutput = {
    write: (text) => void written.push(text),
    stream: stream as unknown as NodeJS.WriteStream,
    isTty: mode === 'live',
    columns: 80,
  };
  const progress = createProgress({
    output,
    mode,
    monotonicMs: () => nowMs,
    stage: 'reference',
    repeat: (run, everyMs) => {
      const tick = { run, everyMs };
      ticks.add(tick);
      return () => void ticks.delete(tick);
    },
    ...more,
  });
  return {
    progress,
    stream,
    timers: () => ticks.size,
    text: () => written.join(''),
    pass(ms: number) {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs += 40;
        for (const { run, everyMs } of ticks) if (nowMs % everyMs === 0) run();
      }
    },
  };
}

const shadow = (action: 'created' | 'ready' | 'removed'): RunEvent => ({ kind: 'account', action, name: 'tune-a' });

describe('progress in a log', () => {
  it('is one line at each stage and one each ten seconds, without any control code', () => {
    const { progress, pass, text } = watch('lines');
    progress.onEvent(shadow('created'));
    pass(2000);
    progress.onEvent(shadow('ready'));
    progress.onEvent({ kind: 'stage', stage: 'measure' });
    pass(25_000);
    progress.onEvent({ kind: 'stage', stage: 'cleanUp' });
    progress.onEvent(shadow('removed'));
    progress.onEvent({ kind: 'stage', stage: 'analyze' });
    progress.stop();
    expect(text().split('\n')).toEqual([
      'tune: Creating the first copy · 0 s elapsed',
      'tune: Trying a copy at the reference size · 2 s elapsed',
      'tune: Measuring · 2 s elapsed',
      'tune: Measuring · 20 s elapsed',
      'tune: Removing the copies · 0/1 removed · 27 s elapsed',
      'tune: 1 of 1 copy removed; nothing is left behind.',
      'tune: Analysing · 27 s elapsed',
      '',
    ]);
  });

  it('answers the first Ctrl-C at once', () => {
    const interrupt = new AbortController();
    const { text } = watch('lines', { interrupted: interrupt.signal });
    interrupt.abort({ signal: 'SIGINT', cause: 'Ctrl-C' });
    expect(text()).toContain('tune: Ctrl-C: stopping, and removing what was made.');
  });
});

describe('progress on a terminal', () => {
  it('is drawn before anything else happens', () => {
    expect(watch('live').text()).toContain('Creating the first copy');
  });

  it('leaves nothing that moves when it stops: no timer, no listener, no frame', () => {
    const { progress, pass, text, stream, timers } = watch('live');
    pass(480);
    progress.stop();
    expect(text().endsWith('\r\u001b[1A\u001b[J')).toBe(true);
    const before = text();
    pass(480);
    progress.onEvent({ kind: 'warning', warning: { code: 'x', text: 'late' } });
    expect(text()).toBe(before);
    expect([timers(), stream.listenerCount('resize')]).toEqual([0, 0]);
  });

  it('is drawn anew when the terminal changes its size', () => {
    const { text, stream } = watch('live');
    const before = text().length;
    stream.emit('resize');
    expect(text().slice(before)).toBe('\r\u001b[1ACreating the first copy · 0 s elapsed\u001b[K\n\u001b[J');
  });

  it('is ASCII where the terminal has no more', () => {
    expect(watch('live', { unicode: false }).text()).toContain('Creating the first copy | 0 s elapsed');
  });

  it('is silent when asked to be', () => {
    const { progress, text } = watch('silent');
    progress.onEvent({ kind: 'stage', stage: 'measure' });
    progress.stop();
    expect(text()).toBe('');
  });
});
