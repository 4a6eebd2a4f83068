import { TuneError } from '../../base/errors.ts';
import { keysOf } from '../../base/keys.ts';
import { apiGatewayV2, loadBalancer } from './httpSamples.ts';
import { busEvent, dynamoDbRecord, kinesisRecord, s3Record, snsRecord, sqsRecord } from './recordSamples.ts';

/**
 * Events in the shapes that AWS documents for what calls functions, with values that mean nothing. A function that looks
 * them up finds nothing: they measure how an event is read, not what is done about it.
 */

/** `--payload sample:sqs*10` */
export interface SampleRequest {
  readonly name: SampleName;
  readonly records: number;
}

interface Sample {
  eventOf(records: number): unknown;
  /** How many records one event may hold: of what comes alone, 1. */
  readonly mostRecords: number;
}

const records = (mostRecords: number, record: (number: number) => unknown): Sample => ({
  mostRecords,
  eventOf: (count) => ({ Records: Array.from({ length: count }, (_, index) => record(index + 1)) }),
});
const alone = (event: unknown): Sample => ({ mostRecords: 1, eventOf: () => event });

/** Most records of a batch: the largest BatchSize of the event source mapping. S3 and SNS hand over one at a time. */
const samples = {
  'apigw-v2': alone(apiGatewayV2),
  sqs: records(10_000, sqsRecord),
  s3: records(1, s3Record),
  sns: records(1, snsRecord),
  eventbridge: alone(busEvent),
  kinesis: records(10_000, kinesisRecord),
  dynamodb: records(10_000, dynamoDbRecord),
  alb: alone(loadBalancer),
} as const satisfies Record<string, Sample>;

type SampleName = keyof typeof samples;
export const sampleNames = keysOf(samples);

function isSampleName(word: string): word is SampleName {
  return Object.hasOwn(samples, word);
}

/** `sqs*10`. @throws TuneError USAGE */
export function parseSample(text: string): SampleRequest {
  const { name = text, count } = /^(?<name>[^*]*)(?:\*(?<count>.*))?$/s.exec(text)?.groups ?? {};
  if (!isSampleName(name)) {
    throw new TuneError('USAGE', `There is no sample event "${name.slice(0, 40)}".`, {
      hint: `There are: ${sampleNames.map((one) => `sample:${one}`).join(', ')}.`,
    });
  }
  const wanted = count === undefined ? 1 : /^\d{1,5}$/.test(count) ? Number(count) : 0;
  const { mostRecords } = samples[name];
  if (wanted >= 1 && wanted <= mostRecords) return { name, records: wanted };
  const batches = sampleNames.filter((one) => samples[one].mostRecords > 1);
  throw new TuneError(
    'USAGE',
    mostRecords === 1
      ? `An event of ${name} holds one record: there are no batches of it.`
      : `A batch of ${name} holds 1 to ${mostRecords} records.`,
    { hint: `Batches: ${batches.map((one) => `sample:${one}*10`).join(', ')}.` },
  );
}

export function sampleBody({ name, records: count }: SampleRequest): string {
  return JSON.stringify(samples[name].eventOf(count));
}
