import type { Sheet } from './row.ts';

/** Of commands that measure nothing, and theirs alone. */
export const tools = {
  file: {
    value: 'template',
    takes: { kind: 'text' },
    help: 'the file that defines the function',
    otherwise: 'found among the files that git tracks',
    completes: 'file',
    on: { apply: {} },
  },
  select: {
    value: 'id',
    takes: { kind: 'text' },
    help: 'which function of it: logical id, key, resource address or construct path',
    otherwise: 'found by tags, name and handler',
    on: { apply: {} },
  },
  variant: {
    value: 'name',
    takes: { kind: 'text' },
    help: 'this variant of the run at the size of the answer',
    otherwise: "the answer's",
    on: { apply: {} },
  },
  globals: {
    takes: { kind: 'switch' },
    help: 'edit what holds for all functions (Globals, provider) instead of giving this one its own',
    on: { apply: {}, 'fleet apply': {} },
  },
  write: {
    takes: { kind: 'switch' },
    help: 'write the file; without it the diff is shown',
    on: { apply: {}, 'fleet apply': { help: 'write the files; without it the diffs are shown' } },
  },
  check: {
    takes: { kind: 'switch' },
    help: 'exit code 1 when the file does not have the answer yet, 0 when it has; nothing is written',
    on: {
      apply: {},
      'fleet apply': {
        help: 'exit code 1 when a file does not have its answer yet, 0 when all have; nothing is written',
      },
    },
  },
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
  since: {
    value: 'age|date',
    takes: { kind: 'text' },
    help: '14d, 36h, or a date such as 2026-11-01 (UTC)',
    default: '14d',
    on: { observe: {}, 'fleet rank': {}, 'fleet verify': {} },
  },
  until: {
    value: 'age|date',
    takes: { kind: 'text' },
    help: 'the same',
    otherwise: 'now',
    on: { observe: {}, 'fleet rank': {}, 'fleet verify': {} },
  },
  source: {
    value: 'source',
    takes: { kind: 'words', words: ['auto', 'insights', 'events', 'metrics'] },
    help: 'insights (paid by what it scans), events (free, slow), metrics (no records), or auto',
    default: 'auto',
    on: { observe: {}, 'fleet verify': {} },
  },
  xray: {
    takes: { kind: 'switch' },
    help: 'also traces of X-Ray: how much of the duration is calls of other services',
    on: { observe: {} },
  },
  sinceChange: {
    value: 'date',
    isValueOptional: true,
    takes: { kind: 'textOrTrue' },
    help: 'did the last deployment, or what began then, make it cheaper or slower?',
    on: {
      observe: { under: 'verdict' },
      'fleet verify': { help: 'when it was deployed', otherwise: 'the last change of each', under: 'verdict' },
    },
  },
  for: {
    value: 'what',
    takes: { kind: 'words', words: ['run', 'observe', 'fleet'] },
    help: 'for a run with its clean-up, for tune observe, or for tune fleet rank: both only read',
    default: 'run',
    on: { policy: {} },
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
