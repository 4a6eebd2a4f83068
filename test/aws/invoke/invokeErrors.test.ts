import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { classOf } from '../../../src/aws/invoke/invokeErrors.ts';

it('knows every exception that the API model gives Invoke', () => {
  const main = createRequire(import.meta.url).resolve('@aws-sdk/client-lambda');
  const types = readFileSync(join(dirname(main), '../dist-types/commands/InvokeCommand.d.ts'), 'utf8');
  const names = [...new Set([...types.matchAll(/@throws \{@link (\w+)\}/g)].map((match) => match[1] ?? ''))].filter(
    (name) => name !== 'LambdaServiceException',
  );
  expect(names.length).toBeGreaterThan(40);
  // 418 has no meaning of its own: what is known is known by name.
  const unknown = names.filter(
    (name) =>
      classOf(name, 418) === classOf('NeverHeardOfException', 418) &&
      classOf(name, 500) === 'uncertain' &&
      name !== 'ServiceException',
  );
  expect(unknown).toEqual([]);
});

/** Whoever moves one of these has to say so here: a wrong class repeats a call that ran, or ends a run that could go on. */
it('has one class for each exception', () => {
  const named = (kind: string, names: readonly string[]) =>
    expect(names.map((name) => [name, classOf(name, 418)])).toEqual(names.map((name) => [name, kind]));
  named('throttled', ['TooManyRequestsException']);
  named('notReady', [
    'ResourceNotReadyException',
    'ResourceConflictException',
    'SnapStartNotReadyException',
    'SnapStartTimeoutException',
    'SnapStartRegenerationFailureException',
    'ENINotReadyException',
    'EC2ThrottledException',
    'CodeArtifactUserPendingException',
    // The mount did not come about, so the function did not run: a fresh network interface may need a moment.
    'EFSMountTimeoutException',
    'EFSMountConnectivityException',
    'S3FilesMountTimeoutException',
    'S3FilesMountConnectivityException',
  ]);
  named('gone', ['ResourceNotFoundException']);
  named('payload', [
    'RequestTooLargeException',
    'SerializedRequestEntityTooLargeException',
    'InvalidRequestContentException',
    'UnsupportedMediaTypeException',
  ]);
  named('quota', ['ServiceQuotaExceededException']);
  named('uncertain', ['ServiceException']);
  named('permanent', [
    'EFSIOException',
    'EFSMountFailureException',
    'S3FilesMountFailureException',
    'SnapStartException',
  ]);
});

it.each([
  ['TooManyRequestsException', 429, 'throttled'],
  ['ENINotReadyException', 502, 'notReady'],
  ['KMSAccessDeniedException', 502, 'permanent'],
  ['ServiceQuotaExceededException', 402, 'quota'],
  ['RequestTooLargeException', 413, 'payload'],
  ['RecursiveInvocationException', 400, 'permanent'],
  ['ServiceException', 500, 'uncertain'],
  ['Unknown', 503, 'notReady'],
  ['Unknown', 504, 'uncertain'],
  ['Unknown', 400, 'permanent'],
  ['SyntaxError', 200, 'uncertain'],
  ['constructor', 400, 'permanent'],
] as const)('%s with %i is %s', (name, status, kind) => {
  expect(classOf(name, status)).toBe(kind);
});
