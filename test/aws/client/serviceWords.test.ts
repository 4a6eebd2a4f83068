import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denialCause, denialHints } from '../../../src/aws/client/denialCause.ts';
import { deniedError, missingPermission } from '../../../src/aws/client/denied.ts';
import { callFailed, isDenied } from '../../../src/aws/client/failure.ts';
import { quoteService } from '../../../src/aws/client/quote.ts';

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
      `Not allowed: iam:PassRole on arn:aws:iam::123456789012:role/orders. AWS says: ${message}`,
    );
  });

  it('falls back to the table where AWS says nothing', () => {
    expect(deniedError('Access Denied', { operation: 'Lambda.Invoke', resource: 'f' }).message).toBe(
      'Not allowed: lambda:InvokeFunction on f. AWS says: Access Denied',
    );
    expect(deniedError('', { operation: 'S3.DeleteObject', resource: 's3://b/k' }).message).toBe(
      'Not allowed: one of s3:DeleteObject, s3:DeleteObjectVersion on s3://b/k.',
    );
  });

  const refused = (why: string) =>
    `User: arn:aws:iam::123456789012:user/me is not authorized to perform: lambda:CreateFunction on resource: arn:aws:lambda:eu-west-1:123456789012:function:tune-1 ${why}`;

  it.each([
    ['because no identity-based policy allows the lambda:CreateFunction action', 'identity'],
    ['with an explicit deny in an identity-based policy', 'identityDeny'],
    ['with an explicit deny', 'identityDeny'],
    ['because no resource-based policy allows the lambda:CreateFunction action', 'resourcePolicy'],
    ['with an explicit deny in a resource-based policy', 'resourceDeny'],
    ['with an explicit deny in a service control policy', 'organization'],
    [
      'with an explicit deny in a service control policy: arn:aws:organizations::123456789012:policy/o-a1/service_control_policy/p-b2',
      'organization',
    ],
    ['because no service control policy allows the lambda:CreateFunction action', 'organization'],
    ['with an explicit deny in a resource control policy', 'organization'],
    ['because no permissions boundary allows the lambda:CreateFunction action', 'boundary'],
    ['with an explicit deny in a permissions boundary', 'boundary'],
    ['because no session policy allows the lambda:CreateFunction action', 'session'],
    ['because no VPC endpoint policy allows the lambda:CreateFunction action', 'vpcEndpoint'],
    ['', 'unknown'],
  ] as const)('of Lambda %s: the cause is %s, with a hint of its own and the words quoted', (why, cause) => {
    expect(denialCause(refused(why))).toBe(cause);
    const error = deniedError(refused(why), call);
    expect(error.hint).toContain(denialHints[cause]);
    expect(error.message).toContain(`AWS says: ${refused(why).trim()}`);
    expect(error.message).toMatch(/^Not allowed: lambda:CreateFunction on arn:aws:lambda/);
  });

  it.each([
    ['Lambda does not have permission to access the ECR image. Check the ECR permissions.', 'imageAccess'],
    [
      'Your access has been denied by S3, please make sure your request credentials have permission to GetObject for builds/a.zip. S3 Error Code: AccessDenied. S3 Error Message: Access Denied',
      'codeAccess',
    ],
    [
      'Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant.',
      'key',
    ],
    ['The role defined for the function cannot be assumed by Lambda.', 'role'],
  ] as const)('knows what is not a permission of the caller: %s', (message, cause) => {
    expect(denialCause(message)).toBe(cause);
    expect(deniedError(message, call)).toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining(denialHints[cause]),
    });
  });

  it('says of a role that Lambda may not take why the copies are left out, and how to see it', () => {
    const error = deniedError('The role defined for the function cannot be assumed by Lambda.', call);
    expect(error.message).toMatch(/^Lambda may not take the role of tune-/);
    expect(error.hint).toMatch(/trust policy may be bound .* \(a condition on aws:SourceArn\).* aws iam get-role /);
  });

  it('lets the names of exceptions go before the status 403', () => {
    const named = (name: string) =>
      Object.assign(new Error('The function could not mount the EFS file system.'), {
        name,
        $metadata: { httpStatusCode: 403 },
      });
    for (const name of ['EFSMountFailureException', 'S3FilesMountFailureException', 'RequestTimeTooSkewed']) {
      expect([name, isDenied(named(name))]).toEqual([name, false]);
    }
    expect(isDenied(named('AccessDeniedException'))).toBe(true);
    expect(isDenied(named('Forbidden'))).toBe(true);
    expect(callFailed(named('EFSMountFailureException'), call)).toMatchObject({
      code: 'SERVICE',
      hint: expect.stringContaining('elasticfilesystem:ClientMount'),
    });
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
