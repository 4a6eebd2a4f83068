import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deniedError, missingPermission } from '../../src/lambda/denied.ts';
import { callFailed } from '../../src/lambda/failure.ts';
import { quoteService } from '../../src/lambda/quote.ts';

const call = { operation: 'Lambda.CreateFunction', resource: 'tune-k3x9-arm64-1-orders' };

describe('denials', () => {
  it('reads action and resource from what AWS says', () => {
    const message =
      'User: arn:aws:iam::123456789012:user/me is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/orders because no identity-based policy allows the iam:PassRole action';
    expect(missingPermission(message)).toEqual({
      action: 'iam:PassRole',
      resource: 'arn:aws:iam::123456789012:role/orders',
      resourceBased: false,
    });
    expect(deniedError(message, call).message).toBe(
      'Not allowed: iam:PassRole on arn:aws:iam::123456789012:role/orders.',
    );
  });

  it('falls back to the table where AWS says nothing', () => {
    expect(deniedError('Access Denied', { operation: 'Lambda.Invoke', resource: 'f' }).message).toBe(
      'Not allowed: lambda:InvokeFunction on f.',
    );
    expect(deniedError('', { operation: 'S3.DeleteObject', resource: 's3://b/k' }).message).toBe(
      'Not allowed: one of s3:DeleteObject, s3:DeleteObjectVersion on s3://b/k.',
    );
  });

  it('does not believe what does not look like an action or an ARN', () => {
    expect(missingPermission('not authorized to perform: <script>alert(1)</script> on resource: \u001b[2J')).toEqual({
      resourceBased: false,
    });
  });
});

describe('quoting a service', () => {
  it('takes out secrets, signed URLs and control characters, and is bounded', () => {
    expect(quoteService('a\u001b[2J\r\nb', [])).toBe('a [2J b');
    expect(quoteService("Value '{K=s3cr3t}' at environment", ['s3cr3t'])).toBe("Value '{K=***}' at environment");
    expect(quoteService('see https://b.s3.amazonaws.com/x?X-Amz-Signature=1 now')).toBe('see *** now');
    expect(quoteService('x'.repeat(1000))).toHaveLength(401);
  });

  it('never lets a secret through', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!'***…'.includes(secret) && secret.trim().length === secret.length && !/\*/.test(secret));
        expect(quoteService(before + secret + after, [secret])).not.toContain(secret);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('failed calls', () => {
  const failed = (name: string, status: number | undefined, more = {}) =>
    callFailed(Object.assign(new Error('said'), { name, $metadata: { httpStatusCode: status }, ...more }), call);

  it.each([
    ['ExpiredTokenException', 403, 'CREDENTIALS'],
    ['UnrecognizedClientException', 403, 'CREDENTIALS'],
    ['CredentialsProviderError', undefined, 'CREDENTIALS'],
    ['AccessDeniedException', 403, 'ACCESS_DENIED'],
    ['TooManyRequestsException', 429, 'THROTTLED'],
    ['CodeStorageExceededException', 400, 'QUOTA'],
    ['ServiceException', 500, 'SERVICE'],
  ] as const)('%s is %s', (name, status, code) => {
    expect(failed(name, status).code).toBe(code);
  });

  it('an endpoint that is not there is unreachable', () => {
    expect(failed('TimeoutError', undefined, { code: 'ECONNREFUSED' }).message).toBe(
      'Lambda CreateFunction of tune-k3x9-arm64-1-orders failed: nothing listens there (ECONNREFUSED)',
    );
  });

  it('keeps nothing of the raw error', () => {
    expect(failed('ServiceException', 500).cause).toBeUndefined();
  });
});
