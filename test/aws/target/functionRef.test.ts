import { describe, expect, it } from 'vitest';
import { apiFunctionName, parseFunctionRef } from '../../../src/aws/target/functionRef.ts';

describe('naming a function', () => {
  it.each([
    ['orders', { functionName: 'orders' }],
    ['orders:live', { functionName: 'orders', qualifier: 'live' }],
    ['orders:7', { functionName: 'orders', qualifier: '7' }],
    ['orders:$LATEST', { functionName: 'orders', qualifier: '$LATEST' }],
    ['123456789012:function:orders', { functionName: 'orders', accountId: '123456789012' }],
    ['123456789012:function:orders:live', { functionName: 'orders', accountId: '123456789012', qualifier: 'live' }],
    [
      'arn:aws:lambda:eu-central-1:123456789012:function:orders',
      { functionName: 'orders', partition: 'aws', region: 'eu-central-1', accountId: '123456789012' },
    ],
    [
      'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:orders:live',
      {
        functionName: 'orders',
        partition: 'aws-us-gov',
        region: 'us-gov-west-1',
        accountId: '123456789012',
        qualifier: 'live',
      },
    ],
    [
      'arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:orders',
      { functionName: 'orders', partition: 'aws-eusc', region: 'eusc-de-east-1', accountId: '123456789012' },
    ],
    [
      'arn:aws-iso-b:lambda:us-isob-east-1:123456789012:function:orders',
      { functionName: 'orders', partition: 'aws-iso-b', region: 'us-isob-east-1', accountId: '123456789012' },
    ],
  ])('%s', (text, ref) => {
    expect(parseFunctionRef(text)).toEqual(ref);
  });

  it.each([
    '',
    'a b',
    'arn:aws:lambda:eu-central-1:123456789012:function',
    'arn:aws:lambda:eu-central-1:12345:function:orders',
    'arn:aws:lambda::123456789012:function:orders',
    'arn:aws:lambda:eu-central-1:orders',
    'arn:aws:s3:::bucket',
    'orders:a:b',
    'orders:',
    `${'n'.repeat(65)}`,
  ])('refuses %j', (text) => {
    expect(() => parseFunctionRef(text)).toThrow(/is neither a function name nor a Lambda function ARN/);
  });

  it('refuses a web function with the reason', () => {
    expect(() => parseFunctionRef('arn:aws:lambda-web:eu-central-1:123456789012:function:site')).toThrow(
      /Web Functions/,
    );
  });

  it('keeps the account for the API', () => {
    expect(apiFunctionName(parseFunctionRef('arn:aws:lambda:eu-central-1:123456789012:function:orders:live'))).toBe(
      '123456789012:function:orders',
    );
    expect(apiFunctionName(parseFunctionRef('orders'))).toBe('orders');
  });
});
