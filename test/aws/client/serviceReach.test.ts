import { describe, expect, it } from 'vitest';
import { callFailed } from '../../../src/aws/client/failure.ts';

const call = { operation: 'Lambda.GetFunction', resource: 'orders' };

function named(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

describe('credentials that do not work', () => {
  it.each([
    [
      'CredentialsProviderError',
      'Could not load credentials from any providers',
      /^No AWS credentials were found\.$/,
      /tune --function \.\/folder/,
    ],
    [
      'CredentialsProviderError',
      'The SSO session associated with this profile has expired. To refresh …',
      /^The sign-in to AWS has ended/,
      /aws sso login/,
    ],
    [
      'TokenProviderError',
      "Token is expired. To refresh this SSO session run 'aws sso login'",
      /^The sign-in to AWS has ended/,
      /aws sso login/,
    ],
    [
      'CredentialsProviderError',
      'Role arn:… could not be assumed',
      /^The role of the AWS profile cannot be assumed/,
      /role_arn/,
    ],
    [
      'CredentialsProviderError',
      'Profile x requires a process',
      /^The AWS credentials cannot be read/,
      /aws configure list/,
    ],
    [
      'ExpiredTokenException',
      'The security token included in the request is expired',
      /^The AWS credentials have expired/,
      /get new ones/,
    ],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      /^AWS does not know these credentials/,
      /--region/,
    ],
    [
      'InvalidSignatureException',
      'The request signature we calculated does not match',
      /^AWS does not accept the signature/,
      /AWS_SECRET_ACCESS_KEY/,
    ],
    [
      'MissingAuthenticationTokenException',
      'Missing Authentication Token',
      /^AWS got the call without usable credentials/,
      /AWS_ACCESS_KEY_ID/,
    ],
  ])('%s: %s', (name, message, what, hint) => {
    const error = callFailed(named(name, message), call);
    expect(error.code).toBe('CREDENTIALS');
    expect(error.message).toMatch(what);
    expect(error.hint).toMatch(hint);
  });
});

describe('an endpoint that cannot be reached', () => {
  it.each([
    ['ENOTFOUND', /the name of the host is not known \(ENOTFOUND\)/, /--region eu-central-1/],
    ['ECONNREFUSED', /nothing listens there/, /--endpoint-url/],
    ['ETIMEDOUT', /nothing answered in time/, /HTTPS_PROXY/],
    ['ECONNRESET', /the connection was broken off/, /NO_PROXY/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /its certificate is not trusted here/, /NODE_EXTRA_CA_CERTS/],
    ['EODD', /no answer \(EODD\)/, /Check the network/],
  ])('%s', (code, what, hint) => {
    const error = callFailed(named('Error', 'x', { code }), call);
    expect(error.code).toBe('UNREACHABLE');
    expect(error.message).toMatch(what);
    expect(error.hint).toMatch(hint);
  });
});
