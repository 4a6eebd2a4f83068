import { TuneError } from '../../base/errors.ts';

/** What is wrong with the credentials: each kind has another cure. */
type CredentialProblem =
  | 'none'
  | 'signInEnded'
  | 'expired'
  | 'unknown'
  | 'notSigned'
  | 'signature'
  | 'assumeRole'
  | 'unreadable';

const byName: Readonly<Record<string, CredentialProblem>> = {
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  IncompleteSignatureException: 'notSigned',
  MissingAuthenticationToken: 'notSigned',
  MissingAuthenticationTokenException: 'notSigned',
  InvalidAccessKeyId: 'unknown',
  InvalidClientTokenId: 'unknown',
  InvalidTokenException: 'unknown',
  UnrecognizedClientException: 'unknown',
  InvalidSignatureException: 'signature',
  SignatureDoesNotMatch: 'signature',
  TokenProviderError: 'signInEnded',
};

function problemOf(name: string, message: string): CredentialProblem {
  if (name === 'CredentialsProviderError') {
    if (/Could not load credentials from any provider/.test(message)) return 'none';
    if (/SSO session|sso login|Token is expired/i.test(message)) return 'signInEnded';
    return /assume|role/i.test(message) ? 'assumeRole' : 'unreadable';
  }
  return Object.hasOwn(byName, name) ? (byName[name] ?? 'unknown') : 'unknown';
}

interface ProblemWords {
  readonly what: string;
  readonly hint: string;
  /** AWS's or the SDK's own words tell something more. */
  readonly quotes: boolean;
}

const words = {
  none: {
    what: 'No AWS credentials were found',
    hint: 'Sign in (aws sso login, aws configure), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile. Without an account, code is measured here: tune --function ./folder',
    quotes: false,
  },
  signInEnded: {
    what: 'The sign-in to AWS has ended',
    hint: 'Sign in again: aws sso login (with --profile <profile> if it is not the default one).',
    quotes: true,
  },
  expired: {
    what: 'The AWS credentials have expired',
    hint: 'They were temporary: get new ones (aws sso login, or assume the role again), or name another profile with --profile.',
    quotes: true,
  },
  unknown: {
    what: 'AWS does not know these credentials',
    hint: 'The key may be deleted, of another partition, or the region not enabled for the account (--region). `aws sts get-caller-identity` shows who you are; --profile names another.',
    quotes: true,
  },
  notSigned: {
    what: 'AWS got the call without usable credentials',
    hint: 'A proxy may have taken the signature away, or a variable such as AWS_ACCESS_KEY_ID is empty. `aws configure list` shows what is used.',
    quotes: true,
  },
  signature: {
    what: 'AWS does not accept the signature of the credentials',
    hint: 'AWS_SECRET_ACCESS_KEY may not belong to AWS_ACCESS_KEY_ID, or the clock of this machine is wrong. `aws sts get-caller-identity` with the same --profile tells.',
    quotes: true,
  },
  assumeRole: {
    what: 'The role of the AWS profile cannot be assumed',
    hint: '`aws sts get-caller-identity` with the same --profile tells whether it is the profile; otherwise its source_profile and role_arn.',
    quotes: true,
  },
  unreadable: {
    what: 'The AWS credentials cannot be read',
    hint: '`aws configure list` shows where they come from; --profile names another profile.',
    quotes: true,
  },
} as const satisfies Record<CredentialProblem, ProblemWords>;

/** `said` is quoted already: without secrets. */
export function credentialsError(name: string, message: string, said: string): TuneError {
  const { what, hint, quotes } = words[problemOf(name, message)];
  return new TuneError('CREDENTIALS', quotes ? `${what} (${said})` : `${what}.`, { hint });
}
