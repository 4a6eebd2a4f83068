import { TuneError } from '../../base/errors.ts';
import { present } from '../../base/present.ts';
import { networkCode, serviceError } from './failure.ts';
import { quoteService } from './quote.ts';

/** The role through which an account is reached. */
export interface AssumedRole {
  readonly arn: string;
  /** What its trust policy asks for. */
  readonly externalId?: string | undefined;
  readonly sessionName?: string | undefined;
}

interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration?: Date;
}

/** What the session is called where nobody named it: CloudTrail shows it. */
const defaultSessionName = 'lambda-tune';
/** The longest that a role may be taken by another role [doc]: nobody has to configure more. */
const durationS = 3600;

/** `assume` asks STS with the caller's own credentials. */
export type AssumeRole = (request: {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly ExternalId: string | undefined;
  readonly DurationSeconds: number;
}) => Promise<{
  readonly Credentials?:
    | {
        readonly AccessKeyId: string | undefined;
        readonly SecretAccessKey: string | undefined;
        readonly SessionToken: string | undefined;
        readonly Expiration: Date | undefined;
      }
    | undefined;
}>;

/**
 * Credentials of the role. They say when they end, and the SDK asks anew five minutes before: a run may take longer than a
 * session does.
 */
export function roleCredentials(role: AssumedRole, assume: AssumeRole): () => Promise<RoleCredentials> {
  return async () => {
    const { Credentials: given } = await assume({
      RoleArn: role.arn,
      RoleSessionName: role.sessionName ?? defaultSessionName,
      ExternalId: role.externalId,
      DurationSeconds: durationS,
    }).catch((error: unknown) => {
      throw notAssumed(error, role);
    });
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
    if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
      throw notAssumed(new Error('the answer holds no credentials'), role);
    }
    return present({ accessKeyId, secretAccessKey, sessionToken, expiration: given?.Expiration });
  };
}

/** What keeps the caller from the role, in the service's words; never its external id. */
function notAssumed(error: unknown, { arn, externalId }: AssumedRole): TuneError {
  if (error instanceof TuneError) return error;
  const { name, message, status } = serviceError(error);
  const secrets = externalId === undefined ? [] : [externalId];
  const said = `${name}: ${quoteService(message, secrets)}`;
  const network = status === undefined ? networkCode(error) : undefined;
  if (network !== undefined) {
    return new TuneError('UNREACHABLE', `STS could not be reached to assume the role ${arn} (${network}).`);
  }
  return new TuneError('CREDENTIALS', `The role ${arn} cannot be assumed (${said})`, {
    hint: hintOf(name, externalId !== undefined),
  });
}

function hintOf(name: string, hasExternalId: boolean): string {
  if (name === 'CredentialsProviderError') {
    return 'It is assumed with your own credentials, and there are none: sign in, or name a profile with --profile.';
  }
  if (name === 'AccessDenied' || name === 'AccessDeniedException') {
    const external = hasExternalId
      ? 'that --external-id is the one that the policy asks for'
      : 'whether the policy asks for an external id (--external-id)';
    return `Check that the role is there, that its trust policy names who you are (\`aws sts get-caller-identity\`), that you are allowed sts:AssumeRole on it, and ${external}.`;
  }
  return 'It is assumed with your own credentials: `aws sts get-caller-identity` (with the same --profile) tells whether they are in order.';
}
