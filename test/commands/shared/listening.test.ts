import { describe, expect, it } from 'vitest';
import type { Interruption } from '../../../src/base/io.ts';
import { listening, type TuneEvent } from '../../../src/commands/shared/listening.ts';
import { fakeFacts } from '../../support/fakeIo.ts';

const stage: TuneEvent = { kind: 'stage', stage: 'describe' };
const causeOf = (signal: AbortSignal) => (signal.reason as Interruption).cause;

describe('a program that listens', () => {
  it('hears what happens', () => {
    const heard: TuneEvent[] = [];
    const { tell, onlooker } = listening(fakeFacts(), (event) => heard.push(event), undefined);
    tell(stage);
    onlooker.watch('describe');
    expect(heard).toEqual([stage, stage]);
  });

  it('stops the run with its signal, also with one that was aborted before', () => {
    const controller = new AbortController();
    const { io } = listening(fakeFacts(), () => undefined, controller.signal);
    expect(io.interrupted.aborted).toBe(false);
    controller.abort();
    expect(causeOf(io.interrupted)).toBe('the caller aborted');
    expect(listening(fakeFacts(), () => undefined, AbortSignal.abort()).io.interrupted.aborted).toBe(true);
  });

  it('is not listened to after the end', () => {
    const controller = new AbortController();
    const { io, end } = listening(fakeFacts(), () => undefined, controller.signal);
    end();
    controller.abort();
    expect(io.interrupted.aborted).toBe(false);
  });

  it('that throws ends the run in good order: nothing more is told, and its error comes at the end', () => {
    let calls = 0;
    const { io, tell, end } = listening(
      fakeFacts(),
      () => {
        calls += 1;
        throw new RangeError('from the listener');
      },
      undefined,
    );
    tell(stage);
    tell(stage);
    expect([calls, causeOf(io.interrupted)]).toEqual([1, 'the listener threw']);
    expect(end).toThrow('from the listener');
  });

  it('is asked nothing, and keeps its standard input', async () => {
    const { io, onlooker } = listening(fakeFacts(), () => undefined, undefined);
    expect(await io.ask('Sure?')).toBe(false);
    await expect(onlooker.agree({ yes: false }, {} as Parameters<typeof onlooker.agree>[1])).resolves.toBeUndefined();
    await expect(io.stdin.read()).rejects.toMatchObject({ code: 'USAGE' });
  });
});
