import { describe, expect, it } from 'vitest';
import { askedAtOnce, triggersOfPolicy } from '../../src/aws/production/triggers.ts';
import { triggersText } from '../../src/reporters/wording/triggersWording.ts';

const policy = (...statements: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' };
const by = 'policy';

describe('who calls a function', () => {
  it('is told by the principals of its policy', () => {
    const text = policy(
      { ...allow, Principal: { Service: 'apigateway.amazonaws.com' } },
      { ...allow, Principal: { Service: ['s3.amazonaws.com', 'logs.eu-central-1.amazonaws.com'] } },
      { ...allow, Principal: { Service: 'events.amazonaws.com' } },
      { ...allow, Principal: { AWS: 'arn:aws:iam::210987654321:root' } },
      { ...allow, Principal: '*', Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } },
      { ...allow, Effect: 'Deny', Principal: { Service: 'sns.amazonaws.com' } },
    );
    expect(triggersOfPolicy(text)).toEqual([
      { service: 'apigateway', kind: 'synchronous', by },
      { service: 's3', kind: 'events', by },
      { service: 'logs', kind: 'events', by },
      { service: 'events', kind: 'schedule', by },
      { service: 'direct', kind: 'synchronous', by },
      { service: 'url', kind: 'synchronous', by },
    ]);
  });

  it('is nobody where no principal is a service of AWS', () => {
    expect(triggersOfPolicy(policy({ ...allow, Principal: { Service: 'evil.example.com' } }))).toEqual([]);
    expect(() => triggersOfPolicy('{"Statement":"all"}')).toThrow();
  });

  it('is said with what counts for it, and where it was read', () => {
    expect(triggersText([{ service: 'elasticloadbalancing', kind: 'synchronous', by }])).toBe(
      'Called by a load balancer (resource policy): callers wait for it, so latency matters',
    );
    expect(
      triggersText([
        { service: 'events', kind: 'schedule', by },
        { service: 'sqs', kind: 'batches', by: 'mapping', batchSize: 10 },
      ]),
    ).toBe(
      'Called by SQS (event source mapping, batches of 10): nobody waits for a single call: cost counts, and a larger batch makes fewer calls' +
        '. And by EventBridge (resource policy): it runs by rules or schedules: what runs seldom starts cold, so cold starts count (--cold-starts)',
    );
    expect(triggersText([])).toBeUndefined();
  });
});

describe('what is asked before the function has been read', () => {
  const here = { region: 'eu-central-1' };
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:orders';

  it('is a name as it was typed, which the service knows, and a version or alias by its ARN alone', () => {
    expect(askedAtOnce(here, 'orders')).toEqual({ functionName: 'orders' });
    expect(askedAtOnce(here, 'orders:$LATEST')).toEqual({ functionName: 'orders' });
    expect(askedAtOnce(here, '123456789012:function:orders')).toEqual({ functionName: '123456789012:function:orders' });
    expect(askedAtOnce(here, `${arn}:live`)).toEqual({ functionName: arn, qualifier: 'live' });
    expect(askedAtOnce(here, 'orders:live')).toBeUndefined();
    expect(askedAtOnce(here, '123456789012:function:orders:live')).toBeUndefined();
  });

  it('is nothing of another region, which is refused', () => {
    expect(askedAtOnce({ region: 'us-east-1' }, arn)).toBeUndefined();
  });
});
