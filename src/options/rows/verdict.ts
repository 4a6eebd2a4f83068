import type { Sheet } from './row.ts';

/** What becomes of a verdict: of a check, and of a migration. */
export const verdict = {
  onInconclusive: {
    value: 'fail|warn|pass',
    takes: { kind: 'words', words: ['fail', 'warn', 'pass'] },
    help: 'where nothing could be decided: exit code 1, or 0 with or without a warning',
    otherwise: 'exit code 4',
    forShell: true,
    on: { check: {} },
  },
  fail: {
    takes: { kind: 'switch' },
    default: true,
    help: 'report only: the verdict changes no exit code',
    inFile: 'false: the verdict is only reported, exit code 0',
    forShell: true,
    on: { check: {} },
  },
  allowMissingBaseline: {
    takes: { kind: 'switch' },
    help: 'the first run: budgets alone are judged',
    on: { check: {} },
  },
  updateBaseline: {
    takes: { kind: 'switch' },
    help: 'after a pass write the new run over the baseline',
    on: { check: {} },
  },
  acceptRegression: {
    value: 'reason',
    takes: { kind: 'text', least: 3, most: 500, must: 'must be a reason' },
    help: 'update it all the same; the reason is kept in it',
    on: { check: {} },
  },
  allowDifferent: {
    value: 'list',
    takes: { kind: 'wordList', words: ['payloads', 'memory', 'architecture', 'runtime', 'region'] },
    help: 'in what the baseline may differ: payloads, memory, architecture, runtime, region',
    default: [],
    inFleet: true,
    on: { check: {} },
  },
  require: {
    value: 'what',
    takes: { kind: 'words', words: ['cheaper', 'not-slower', 'both'] },
    help: 'cheaper, not-slower or both: exit code 1 for stay and cannot, 4 undecided',
    on: {
      migrate: {},
      observe: {
        help: 'of --since-change: cheaper, not-slower or both; exit code 1 where it did not come true, 4 untold',
      },
      'fleet verify': {
        help: 'of each: cheaper, not-slower or both; exit code 1 where one did not come true, 4 untold',
        default: 'cheaper',
      },
    },
  },
  maxSlowdown: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'p95 may be so much higher and still not be slower; given, p95 counts even if nothing is required',
    // Words, not a value: given, it asks for speed.
    otherwise: '5%',
    on: {
      migrate: {},
      observe: { help: 'durations may be so much longer and still not be slower' },
      'fleet verify': { help: 'durations may be so much longer and still not be slower' },
    },
  },
  steps: {
    value: 'tool',
    takes: { kind: 'words', words: ['cli', 'sam', 'serverless', 'cdk', 'terraform', 'all'] },
    help: 'whose steps to print: cli, sam, serverless, cdk, terraform or all',
    otherwise: 'by its tags, else cli',
    on: { migrate: {} },
  },
  requestsPerMonth: {
    value: 'n',
    takes: { kind: 'count' },
    help: 'such as 3M: names the savings per month',
    on: { migrate: {} },
  },
} as const satisfies Sheet;
