import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

/** Commands that reach an account, one function at a time. */
const everyAccount = { ...everyRun, cleanup: {}, policy: {}, doctor: {}, observe: {} } as const;
/** And those of fleets. */
const everyAccountOfFleets = { ...everyAccount, 'fleet rank': {}, 'fleet run': {}, 'fleet verify': {} } as const;

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
    on: {
      ...everyAccount,
      'fleet run': { otherwise: 'as the ranking has it' },
      'fleet verify': { otherwise: 'as the portfolio has it' },
    },
  },
  assumeRole: {
    value: 'arn',
    takes: { kind: 'roleArn' },
    help: 'reach the account through this role',
    on: {
      ...everyAccount,
      'fleet run': { otherwise: 'as the ranking has it' },
      'fleet verify': { otherwise: 'as the portfolio has it' },
    },
  },
  externalId: {
    value: 'id',
    takes: { kind: 'externalId' },
    help: 'the external id that the trust policy of the role asks for',
    on: everyAccountOfFleets,
  },
  roleSessionName: {
    value: 'name',
    takes: { kind: 'sessionName' },
    help: 'name of the session with the role, as CloudTrail shows it',
    otherwise: 'lambda-tune',
    on: everyAccountOfFleets,
  },
  endpointUrl: {
    value: 'url',
    takes: { kind: 'url' },
    help: 'another Lambda endpoint, for instance that of `tune local`',
    on: everyAccountOfFleets,
  },
  env: {
    value: 'NAME=value',
    takes: { kind: 'keyValues' },
    help: 'lay a variable over the environment of the copies',
    default: {},
    inFleet: true,
    on: { ...everyRun, 'fleet run': {}, local: { help: 'a variable of the functions, over what the template says' } },
  },
  tag: {
    value: 'key=value',
    takes: { kind: 'keyValues' },
    help: 'a further tag for the copies',
    default: {},
    on: { ...everyRun, 'fleet run': {} },
  },
  copyTags: {
    takes: { kind: 'switch' },
    default: true,
    help: "leave out the target's own tags",
    inFile: 'give the copies the tags of the function, too (default: true)',
    on: { ...everyRun, 'fleet run': {} },
  },
  stagingBucket: {
    value: 'bucket',
    takes: { kind: 'text', least: 3, must: 'must be the name of a bucket' },
    help: 'S3 bucket for packages over 50 MB',
    on: { ...everyRun, 'fleet run': {}, policy: { help: 'packages over 50 MB go through it' } },
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
    otherwise: "inferred, or the template's",
    inFleet: true,
    on: {
      ...everyRun,
      tune: { value: 'list', help: 'for a path: its runtime; others are variants of it' },
      local: { help: 'the runtime' },
    },
  },
  handler: {
    value: 'handler',
    takes: { kind: 'text' },
    help: 'for a path: the handler',
    otherwise: "inferred, or the template's",
    inFleet: true,
    on: { ...everyRun, local: { help: 'the handler' } },
  },
  timeout: {
    value: 'seconds',
    takes: { kind: 'wholeNumber', from: 1, to: 900 },
    help: 'for a path: the timeout in seconds',
    otherwise: "30, or the template's",
    inFleet: true,
    on: { ...everyRun, local: { help: 'the timeout in seconds' } },
  },
  layer: {
    value: 'path',
    takes: { kind: 'strings' },
    help: "for a path: a layer's folder or zip, in place of the template's layers; none: without any",
    completes: 'file',
    inFleet: true,
    on: {
      ...everyRun,
      local: { help: "a layer's folder or zip, in place of the template's layers; none: without any" },
    },
  },
  parameter: {
    value: 'NAME=value',
    takes: { kind: 'keyValues' },
    help: 'for a template: the value of a parameter, a !Ref, a !GetAtt (Table.Arn), or of opt: and param:',
    default: {},
    inFleet: true,
    on: { ...everyRun, local: {} },
  },
} as const satisfies Sheet;
