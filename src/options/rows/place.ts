import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

/** Which account, and how the copies there, or on this machine, are made. */
export const place = {
  region: {
    value: 'region',
    takes: { kind: 'text' },
    help: 'AWS region',
    common: 'AWS region',
    otherwise: 'of the ARN, else as the AWS CLI has it',
    completes: 'region',
    inFleet: true,
    on: { ...everyRun, policy: {}, doctor: {}, observe: {} },
  },
  profile: {
    value: 'profile',
    takes: { kind: 'text' },
    help: 'AWS profile, with its credentials and region',
    otherwise: 'as the AWS CLI has it',
    on: { ...everyRun, cleanup: {}, policy: {}, doctor: {}, observe: {} },
  },
  endpointUrl: {
    value: 'url',
    takes: { kind: 'url' },
    help: 'another Lambda endpoint, for instance that of `tune local`',
    on: { ...everyRun, cleanup: {}, policy: {}, doctor: {}, observe: {} },
  },
  env: {
    value: 'NAME=value',
    takes: { kind: 'keyValues' },
    help: 'lay a variable over the environment of the copies',
    default: {},
    inFleet: true,
    on: everyRun,
  },
  tag: {
    value: 'key=value',
    takes: { kind: 'keyValues' },
    help: 'a further tag for the copies',
    default: {},
    on: everyRun,
  },
  copyTags: {
    takes: { kind: 'switch' },
    default: true,
    help: "leave out the target's own tags",
    inFile: 'give the copies the tags of the function, too (default: true)',
    on: everyRun,
  },
  stagingBucket: {
    value: 'bucket',
    takes: { kind: 'text', least: 3, must: 'must be the name of a bucket' },
    help: 'S3 bucket for packages over 50 MB',
    on: { ...everyRun, policy: { help: 'packages over 50 MB go through it' } },
  },
  ignoreReservedConcurrency: {
    takes: { kind: 'switch' },
    help: 'go on although the target reserves a concurrency of 0',
    on: { tune: {} },
  },
  runtime: {
    value: 'runtime',
    takes: { kind: 'text' },
    help: 'for a path: the runtime',
    otherwise: 'inferred',
    inFleet: true,
    on: { ...everyRun, tune: { value: 'list', help: 'for a path: its runtime; others are variants of it' } },
  },
  handler: {
    value: 'handler',
    takes: { kind: 'text' },
    help: 'for a path: the handler',
    otherwise: 'inferred',
    inFleet: true,
    on: everyRun,
  },
  timeout: {
    value: 'seconds',
    takes: { kind: 'wholeNumber', from: 1, to: 900 },
    help: 'for a path: the timeout in seconds',
    default: 30,
    inFleet: true,
    on: everyRun,
  },
} as const satisfies Sheet;
