import { keysOf } from '../../base/keys.ts';
import type { Trigger, Triggers } from '../../model/traffic.ts';
import { formatCount } from '../../text/format.ts';

const names: Readonly<Record<string, string>> = {
  apigateway: 'API Gateway',
  elasticloadbalancing: 'a load balancer',
  url: 'a function URL',
  direct: 'other accounts or roles',
  'cognito-idp': 'Cognito',
  sqs: 'SQS',
  kinesis: 'Kinesis',
  dynamodb: 'DynamoDB streams',
  kafka: 'Kafka',
  mq: 'Amazon MQ',
  events: 'EventBridge',
  scheduler: 'EventBridge Scheduler',
  s3: 'S3',
  sns: 'SNS',
  logs: 'CloudWatch Logs',
};

const means = {
  synchronous: 'callers wait for it, so latency matters',
  batches: 'nobody waits for a single call: cost counts, and a larger batch makes fewer calls',
  schedule: 'it runs by rules or schedules: what runs seldom starts cold, so cold starts count (--cold-starts)',
  events: 'it is called with events and nobody waits: cost counts',
} as const satisfies Record<Trigger['kind'], string>;

/** What the triggers mean, with where they were read; undefined: none is known. */
export function triggersText(triggers: Triggers): string | undefined {
  const parts = keysOf(means).flatMap((kind) => {
    const own = triggers.filter((trigger) => trigger.kind === kind);
    return own.length === 0 ? [] : [`${own.map(named).join(', ')}: ${means[kind]}`];
  });
  return parts.length === 0 ? undefined : `Called by ${parts.join('. And by ')}`;
}

function named({ service, by, batchSize }: Trigger): string {
  const where = by === 'mapping' ? 'event source mapping' : 'resource policy';
  return `${names[service] ?? service} (${where}${batchSize === undefined ? '' : `, batches of ${formatCount(batchSize)}`})`;
}
