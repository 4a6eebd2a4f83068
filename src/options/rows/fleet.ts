import type { Sheet } from './row.ts';

/** Which functions of a fleet, and which part of the work: typed only. */
export const fleet = {
  accounts: {
    value: 'file|ou',
    takes: { kind: 'text' },
    help: 'accounts through roles: a file that lists them, or an organizational unit (ou-…, r-…)',
    completes: 'file',
    on: { 'fleet rank': {} },
  },
  observe: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 0, to: 1000 },
    help: 'of how many functions the records are read, the dearest first',
    default: 20,
    on: { 'fleet rank': {} },
  },
  top: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 100_000 },
    help: 'the first n of the ranking',
    otherwise: 'those worth measuring',
    on: { 'fleet run': {} },
  },
  minSaving: {
    value: 'usd',
    takes: { kind: 'monthlyDollars' },
    help: 'those that tuning could save so much: $10/month',
    on: { 'fleet run': {} },
  },
  only: {
    value: 'function',
    takes: { kind: 'strings' },
    help: 'this function, by name or ARN, whatever its place',
    on: { 'fleet run': {} },
  },
  shard: {
    value: 'i/n',
    takes: { kind: 'shard' },
    help: 'the i-th of n parts, from 1; each keeps 1/n of the caps',
    on: {
      check: { help: 'the i-th of n parts of "functions", from 1; each keeps 1/n of the caps', under: 'subject' },
      'fleet run': {},
    },
  },
  out: {
    value: 'folder',
    takes: { kind: 'text' },
    help: "where each function's saved run goes; the same again: go on",
    default: 'fleet-runs',
    completes: 'file',
    on: { 'fleet run': {} },
  },
  shards: {
    value: 'n',
    takes: { kind: 'wholeNumber', from: 1, to: 256 },
    help: 'so many parts at most; of step-functions: so many tasks at a time',
    default: 4,
    on: { 'fleet emit': {} },
  },
  role: {
    value: 'arn',
    takes: { kind: 'roleArn' },
    help: 'the role that the jobs have',
    otherwise: 'as the runner has it; step-functions makes one',
    on: { 'fleet emit': {} },
  },
} as const satisfies Sheet;

/** What the same words mean where a fleet is read. */
export const fleetReach = {
  region: {
    value: 'list',
    takes: { kind: 'regionList' },
    help: 'eu-west-1,us-east-1, or all',
    otherwise: 'the configured one',
    completes: 'region',
    on: { 'fleet rank': {}, 'fleet emit': { help: 'what the plan ranks: eu-west-1,us-east-1, or all' } },
  },
  profile: {
    value: 'list',
    takes: { kind: 'text' },
    help: 'AWS profiles, one account each: prod,staging',
    otherwise: 'as the AWS CLI has it',
    on: { 'fleet rank': {} },
  },
  assumeRole: {
    value: 'list',
    takes: { kind: 'roles' },
    help: 'roles, one account each; with --accounts the name of one in each',
    on: { 'fleet rank': {}, 'fleet emit': { help: 'ARNs of roles in other accounts that the jobs may assume' } },
  },
  tag: {
    value: 'key=value',
    takes: { kind: 'keyValues' },
    help: 'only functions with this tag',
    default: {},
    on: { 'fleet rank': {} },
  },
} as const satisfies Sheet;
