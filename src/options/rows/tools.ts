import type { Sheet } from './row.ts';

/** Of commands that measure nothing, and theirs alone. */
export const tools = {
  run: {
    value: 'id',
    takes: { kind: 'knownRun' },
    help: "that run's resources, whatever its lease",
    on: { cleanup: {} },
  },
  all: {
    takes: { kind: 'switch' },
    help: 'also those whose lease still runs: another job may be using them',
    on: { cleanup: {} },
  },
  olderThan: {
    value: 'age',
    takes: { kind: 'ageMs' },
    help: 'only what was made at least so long ago: 30m, 12h, 7d',
    on: { cleanup: {} },
  },
  allRegions: {
    takes: { kind: 'switch' },
    help: 'in every region of the account, one after another',
    on: { cleanup: {} },
  },
  repositoryPolicy: {
    takes: { kind: 'switch' },
    help: "lets Lambda enter itself into the repositories' policies (ecr:SetRepositoryPolicy)",
    on: { policy: {} },
  },
  format: {
    value: 'format',
    takes: { kind: 'words', words: ['json', 'terraform', 'cloudformation'] },
    help: 'json, terraform or cloudformation',
    default: 'json',
    on: { policy: {} },
  },
  port: {
    value: 'port',
    takes: { kind: 'port' },
    help: 'port on 127.0.0.1',
    default: 0,
    on: { local: { otherwise: 'a free one' } },
  },
  functionUrl: {
    takes: { kind: 'switch' },
    help: 'give each function a URL on this machine',
    on: { local: {} },
  },
} as const satisfies Sheet;

/** What the same word means on one command alone. */
export const regionsToClean = {
  region: {
    value: 'region',
    takes: { kind: 'regions' },
    help: 'only there',
    otherwise: 'the configured one, and those of journals here',
    completes: 'region',
    on: { cleanup: {} },
  },
} as const satisfies Sheet;

export const localRegion = {
  region: {
    value: 'region',
    takes: { kind: 'region' },
    help: 'region the endpoint says it is in',
    default: 'us-east-1',
    completes: 'region',
    on: { local: {} },
  },
} as const satisfies Sheet;
