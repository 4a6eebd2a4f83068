/** One record each, as queues, topics, buckets, streams and buses hand them over. `number` counts from 1 and makes ids differ. */

const region = 'us-east-1';
const account = '123456789012';
const at = '2026-01-01T00:00:00.000Z';
const atMs = '1767225600000';
const atS = 1767225600;

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function content(number: number): string {
  return JSON.stringify({ id: `sample-${number}`, quantity: 2 });
}

export function sqsRecord(number: number) {
  return {
    messageId: idOf(number),
    receiptHandle: `sample-receipt-${number}`,
    body: content(number),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: atMs,
      SenderId: 'AIDASAMPLESENDER',
      ApproximateFirstReceiveTimestamp: atMs,
    },
    messageAttributes: {},
    // Not the digest of the body: nothing but a queue's own client looks at it.
    md5OfBody: '00000000000000000000000000000000',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${region}:${account}:sample-queue`,
    awsRegion: region,
  };
}

export function snsRecord(number: number) {
  const topic = `arn:aws:sns:${region}:${account}:sample-topic`;
  return {
    EventVersion: '1.0',
    EventSubscriptionArn: `${topic}:${idOf(number)}`,
    EventSource: 'aws:sns',
    Sns: {
      SignatureVersion: '1',
      Timestamp: at,
      Signature: 'sample',
      SigningCertUrl: `https://sns.${region}.amazonaws.com/sample.pem`,
      MessageId: idOf(number),
      Message: content(number),
      MessageAttributes: { kind: { Type: 'String', Value: 'sample' } },
      Type: 'Notification',
      UnsubscribeUrl: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe`,
      TopicArn: topic,
      Subject: 'sample',
    },
  };
}

export function s3Record(number: number) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    eventTime: at,
    eventName: 'ObjectCreated:Put',
    userIdentity: { principalId: 'AIDASAMPLEPRINCIPAL' },
    requestParameters: { sourceIPAddress: '192.0.2.1' },
    responseElements: { 'x-amz-request-id': 'SAMPLEREQUEST', 'x-amz-id-2': 'sample' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'sample-notification',
      bucket: {
        name: 'sample-bucket',
        ownerIdentity: { principalId: 'SAMPLEOWNER' },
        arn: 'arn:aws:s3:::sample-bucket',
      },
      object: {
        key: `samples/sample-${number}.json`,
        size: 1024,
        eTag: '00000000000000000000000000000000',
        sequencer: String(number).padStart(16, '0'),
      },
    },
  };
}

export function kinesisRecord(number: number) {
  const sequence = String(number).padStart(56, '0');
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: `sample-${number}`,
      sequenceNumber: sequence,
      data: btoa(content(number)),
      approximateArrivalTimestamp: atS,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `shardId-000000000000:${sequence}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: `arn:aws:iam::${account}:role/sample-role`,
    awsRegion: region,
    eventSourceARN: `arn:aws:kinesis:${region}:${account}:stream/sample-stream`,
  };
}

export function dynamoDbRecord(number: number) {
  const key = { id: { S: `sample-${number}` } };
  return {
    eventID: String(number).padStart(32, '0'),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime: atS,
      Keys: key,
      NewImage: { ...key, quantity: { N: '2' } },
      OldImage: { ...key, quantity: { N: '1' } },
      SequenceNumber: String(number).padStart(25, '0'),
      SizeBytes: 64,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: `arn:aws:dynamodb:${region}:${account}:table/sample-table/stream/2026-01-01T00:00:00.000`,
  };
}

export const busEvent = {
  version: '0',
  id: idOf(1),
  'detail-type': 'Sample Event',
  source: 'sample.service',
  account,
  time: '2026-01-01T00:00:00Z',
  region,
  resources: [`arn:aws:sample:${region}:${account}:thing/sample-1`],
  detail: { id: 'sample-1', quantity: 2 },
};
