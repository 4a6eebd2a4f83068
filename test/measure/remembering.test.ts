import { describe, expect, it } from 'vitest';
import { rememberingFailures, toldFailure } from '../../src/measure/lastFailure.ts';
import { rememberingResponses } from '../../src/measure/responses.ts';
import type { Configuration } from '../../src/model/configuration.ts';
import type { Attempt, Deployment, Platform } from '../../src/model/platform.ts';
import { fakePlatform } from './fakePlatform.ts';

const small: Configuration = { memoryMb: 512, architecture: 'x86_64' };
const signal = new AbortController().signal;
const deployment = (configuration: Configuration = small): Deployment => ({
  configuration,
  functionName: 'copy',
  version: '1',
});
const facts = { handler: 'index.handler', timeoutS: 3 };

/** Answers with these, in order. */
function answering(attempts: readonly Attempt[], platform: Partial<Platform> = {}): Platform {
  let next = 0;
  return {
    ...fakePlatform(),
    invoke: async () => attempts[next++] as Attempt,
    ...platform,
  };
}

function answered(requestId: string, responseBody: string, more: Partial<Extract<Attempt, { kind: 'answered' }>> = {}) {
  return { kind: 'answered' as const, requestId, startedAt: new Date(0), responseBody, ...more };
}

const failed = (message: string, logTail = '') =>
  answered('r', JSON.stringify({ errorType: 'Error', errorMessage: message }), { functionError: 'Unhandled', logTail });

describe('the last failure of a run', () => {
  it('is the last call whose function failed, not the last call', async () => {
    const memory = rememberingFailures(answering([failed('first'), failed('second'), answered('s', '"fine"')]));
    for (const body of ['1', '2', '3']) await memory.platform.invoke(deployment(), body, signal);
    expect(memory.last()?.body).toBe('2');
    expect(toldFailure(memory, 'functionError', facts)?.said).toBe('Error: second');
  });

  it('is nothing to tell where no function failed', async () => {
    const memory = rememberingFailures(answering([answered('s', '"fine"')]));
    await memory.platform.invoke(deployment(), '{}', signal);
    expect(toldFailure(memory, 'functionError', facts)).toBeUndefined();
  });

  it('is told without secrets, the request id that is another each time, and the folder of this machine', async () => {
    const code = `/tmp/tune-endpoint-abc/code/${'a'.repeat(64)}`;
    const words = `RequestId: 12345678-aaaa Error: secret in file://${code}/index.js`;
    const platform = answering([failed(words)], { redacted: (text) => text.replaceAll('secret', '***') });
    const memory = rememberingFailures(platform);
    await memory.platform.invoke(deployment(), '{}', signal);
    expect(toldFailure(memory, 'functionError', facts)?.said).toBe('Error: *** in /var/task/index.js');
  });

  it('recognises a secret that is longer than what is shown', async () => {
    const secret = 'x'.repeat(700);
    const platform = answering([failed(`key ${secret}`)], { redacted: (text) => text.replaceAll(secret, '***') });
    const memory = rememberingFailures(platform);
    await memory.platform.invoke(deployment(), '{}', signal);
    expect(toldFailure(memory, 'functionError', facts)?.said).toBe('Error: key ***');
  });
});

describe('answers that are kept to be compared', () => {
  it('are the first ones of every configuration, with what was sent for them', async () => {
    const platform = rememberingResponses(answering(['a', 'b', 'c', 'd'].map((id) => answered(id, `"${id}"`))), 2);
    for (const body of ['1', '2', '3']) await platform.invoke(deployment(), body, signal);
    await platform.invoke(deployment({ memoryMb: 1024, architecture: 'x86_64' }), '4', signal);
    expect(['a', 'b', 'c', 'd'].map((id) => platform.answerOf(id)?.sent)).toEqual(['1', '2', undefined, '4']);
    expect(platform.answerOf('a')).toEqual({ body: '"a"', sent: '1' });
  });

  it('take so much memory at the most, whatever their size', async () => {
    const large = 'x'.repeat(60_000_000);
    const platform = rememberingResponses(
      answering(['a', 'b', 'c'].map((id) => answered(id, id === 'c' ? 'small' : large))),
      9,
    );
    for (const body of ['1', '2', '3']) await platform.invoke(deployment(), body, signal);
    expect(['a', 'b', 'c'].map((id) => platform.answerOf(id) !== undefined)).toEqual([true, false, true]);
  });

  it('are no answers where nothing came back, and the call is passed on as it was', async () => {
    const throttled: Attempt = { kind: 'throttled', reason: 'too many' };
    const platform = rememberingResponses(answering([throttled]), 2);
    expect(await platform.invoke(deployment(), '{}', signal)).toBe(throttled);
  });
});
