import { everyRun } from './commands.ts';
import type { Sheet } from './row.ts';

/** What it is sent, and what it may answer. */
export const payloads = {
  payload: {
    value: 'source',
    takes: { kind: 'payload' },
    help: 'what every invocation is sent: JSON text, a file or folder of JSON, a .jsonl file, - for standard input, test-event:NAME, s3://bucket/key, or sample:sqs*10 (apigw-v2, alb, sqs, sns, s3, eventbridge, kinesis, dynamodb)',
    common: 'what every invocation is sent (default: {})',
    otherwise: '{}',
    completes: 'file',
    inFleet: true,
    on: {
      ...everyRun,
      'fleet run': {
        help: 'what each is sent for which the config file says nothing else',
        otherwise: 'none: such a function is listed, not invoked',
      },
      policy: { help: 'with what reading it takes: s3://bucket/key or test-event:NAME' },
    },
  },
  payloads: {
    value: 'file',
    takes: { kind: 'text' },
    help: 'weighted list: [{"payload": …, "weight": 2, "name": "big"}]',
    completes: 'file',
    inFleet: true,
    on: everyRun,
  },
  payloadTemplate: {
    takes: { kind: 'switch' },
    help: 'replace {{uuid}} and {{n}} in every payload',
    inFleet: true,
    on: { ...everyRun, 'fleet run': {} },
  },
  allowError: {
    value: 'type',
    takes: { kind: 'strings' },
    help: 'function errors of this type count as answers',
    default: [],
    inFleet: true,
    on: { ...everyRun, 'fleet run': {} },
  },
  stream: {
    takes: { kind: 'switch' },
    help: 'read answers while they are written (InvokeWithResponseStream): time to the first byte, total, bytes',
    otherwise: "what the function's URL does",
    inFleet: true,
    on: everyRun,
  },
  ignore: {
    value: 'pointer',
    takes: { kind: 'strings' },
    help: 'JSON pointer to what may differ between two answers',
    default: [],
    on: { tune: {}, check: {}, migrate: {} },
  },
} as const satisfies Sheet;

/** What may be chosen, and what counts as equal. */
export const choosing = {
  tolerance: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'within it of the best counts as equal',
    default: 0.03,
    on: { tune: {}, 'fleet run': {} },
  },
  coldShare: {
    value: 'share',
    takes: { kind: 'shareBetween' },
    help: 'compare by a mixture with this share of cold starts, such as 2%',
    otherwise: 'warm calls alone',
    inFleet: true,
    on: {
      tune: {},
      'fleet run': {},
      check: { under: 'limits', help: 'cost is a mixture with this share of cold starts', otherwise: 'warm cost' },
    },
  },
  maxP95Ms: {
    value: 'ms',
    takes: { kind: 'amount', must: 'must be a number of milliseconds' },
    help: 'only what keeps this 95th percentile of duration',
    inFleet: true,
    on: { tune: {}, 'fleet run': {}, check: { under: 'limits', help: 'budget: 95th percentile of duration' } },
  },
  maxErrorShare: {
    value: 'share',
    takes: { kind: 'share' },
    help: 'function errors above it disqualify a configuration',
    default: 0.1,
    on: { tune: {}, 'fleet run': {} },
  },
} as const satisfies Sheet;
