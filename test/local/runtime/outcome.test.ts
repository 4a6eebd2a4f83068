import { expect, it } from 'vitest';
import {
  exited,
  initFailed,
  invalidEntrypoint,
  responseTooLarge,
  timedOut,
} from '../../../src/local/runtime/outcome.ts';

const told = (failure: { errorType?: string | undefined; payload: Buffer }) => [
  failure.errorType,
  failure.payload.toString(),
];

it('words a timeout as the sandbox does', () => {
  expect(told(timedOut('id-1', 3))).toEqual([
    'Sandbox.Timedout',
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: id-1 Error: Task timed out after 3.00 seconds"}',
  ]);
});

it('names exit codes and signals as the supervisor prints them', () => {
  const message = (exitCode: number | null, signal: string | null) =>
    JSON.parse(exited('id-1', { exitCode, signal, outOfMemory: false }).payload.toString()).errorMessage;
  expect(message(1, null)).toBe('RequestId: id-1 Error: Runtime exited with error: exit status 1');
  expect(message(0, null)).toBe('RequestId: id-1 Error: Runtime exited without providing a reason');
  expect(message(null, 'SIGKILL')).toBe('RequestId: id-1 Error: Runtime exited with error: signal: killed');
  expect(message(null, 'SIGABRT')).toBe('RequestId: id-1 Error: Runtime exited with error: signal: aborted');
});

it('tells a kill for memory from any other', () => {
  expect(exited('x', { exitCode: null, signal: 'SIGKILL', outOfMemory: true }).errorType).toBe('Runtime.OutOfMemory');
  expect(exited('x', { exitCode: null, signal: 'SIGKILL', outOfMemory: false }).errorType).toBe('Runtime.ExitError');
});

it('passes on what the runtime said of a failed init, but shows only known kinds of types', () => {
  const body = Buffer.from('{"errorType":"whatever"}');
  expect(initFailed(body, 'Runtime.ImportModuleError')).toEqual({
    errorType: 'Runtime.ImportModuleError',
    payload: body,
  });
  expect(initFailed(body, 'ZeroDivisionError').errorType).toBe('Runtime.Unknown');
  expect(initFailed(body, 'Runtime.Fake\nREPORT RequestId: x').errorType).toBe('Runtime.Unknown');
  expect(initFailed(body, undefined).errorType).toBe('Runtime.Unknown');
});

it('has words for the rest', () => {
  expect(invalidEntrypoint('id-1', 'fork/exec /var/task/bootstrap: exec format error').payload.toString()).toBe(
    '{"errorType":"Runtime.InvalidEntrypoint","errorMessage":"RequestId: id-1 Error: fork/exec /var/task/bootstrap: exec format error"}',
  );
  expect(responseTooLarge(6_291_556).errorType).toBe('Function.ResponseSizeTooLarge');
});
