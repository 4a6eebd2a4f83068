/**
 * What refuses a call, by the words of AWS ("… because no permissions boundary allows the … action", "… with an explicit deny in
 * a service control policy"; newer texts add the policy's ARN). A permission that is added helps against one of them only.
 */
export type DenialCause =
  | 'identity'
  | 'identityDeny'
  | 'resourcePolicy'
  | 'resourceDeny'
  | 'organization'
  | 'boundary'
  | 'session'
  | 'vpcEndpoint'
  | 'imageAccess'
  | 'codeAccess'
  | 'key'
  | 'role'
  | 'unknown';

export function denialCause(message: string): DenialCause {
  // Lambda's own words first: what is missing there is not the caller's.
  if (isRoleRefused(message)) return 'role';
  if (/does not have permission to access the ECR image|ECR image permissions/i.test(message)) return 'imageAccess';
  if (/denied by S3|S3 Error Code: AccessDenied/i.test(message)) return 'codeAccess';
  const policy = /(?:in an?|because no) (?<which>[a-z -]{3,40}?)(?: policy| boundary)\b/i.exec(message)?.groups?.which;
  const explicit = /explicit deny/i.test(message);
  switch (policy?.toLowerCase()) {
    case 'service control':
    case 'resource control':
      return 'organization';
    case 'permissions':
      return 'boundary';
    case 'session':
      return 'session';
    case 'vpc endpoint':
      return 'vpcEndpoint';
    case 'resource-based':
      return explicit ? 'resourceDeny' : 'resourcePolicy';
    case 'identity-based':
      return explicit ? 'identityDeny' : 'identity';
    default:
      break;
  }
  if (/\bkms:|KMS key|KMS Exception/i.test(message)) return 'key';
  return explicit ? 'identityDeny' : 'unknown';
}

/**
 * Of CreateFunction (400), and of Invoke where the role was changed since. Lambda names no reason. What a role trusts is told by
 * iam:GetRole alone, which is not asked for: the first copy is refused before anything is made or paid, and says as much.
 */
export function isRoleRefused(message: string): boolean {
  return /cannot be assumed/i.test(message);
}

const add =
  'Add it to your IAM policy, or use a profile that has it. `tune policy --function <function>` prints all that a run needs.';

/** What can help. */
export const denialHints = {
  unknown: add,
  identity: add,
  identityDeny:
    'A Deny in a policy of yours outweighs every Allow: adding the permission does not help. Take copies (functions called tune-*) out of that Deny, or use another profile.',
  resourcePolicy:
    'The policy of the resource itself must allow it as well, above all when it belongs to another account. `tune policy --function <function>` prints what your own side needs.',
  resourceDeny:
    'The policy of the resource itself denies it, which outweighs every Allow: its owner has to change that, or the function cannot be copied with it.',
  organization:
    'A policy of the organization refuses it, and no policy of this account can allow it. If it demands tags, give them with --tag <key>=<value>; otherwise whoever runs the organization has to exempt functions called tune-*, or measure in an account that may.',
  boundary:
    'Your permissions boundary does not include it, so adding it to the policy alone does not help: the boundary has to allow it, too.',
  session:
    'The session was opened with a policy of its own that does not include it. Sign in without that session policy, or widen it.',
  vpcEndpoint:
    'The policy of the VPC endpoint through which this machine calls AWS does not allow it: allow it there, or run where AWS is reached directly.',
  imageAccess:
    'The repository of the image must let lambda.amazonaws.com pull it (ecr:BatchGetImage, ecr:GetDownloadUrlForLayer) for functions called tune-*, too. See it with: aws ecr get-repository-policy --repository-name <repository>',
  codeAccess:
    'CreateFunction reads the package with your permissions: s3:GetObject (of a version: s3:GetObjectVersion) on it, and kms:Decrypt when it is encrypted with a key of yours. The bucket’s policy must allow it, too.',
  role: "The role serves the function itself: its trust policy may be bound to the function's name or account (a condition on aws:SourceArn). Let it also name arn:aws:lambda:*:<account>:function:tune-*. See it with: aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
  key: 'The policy of the KMS key must let you, and the function’s role, use it for functions called tune-*, too: conditions on the function’s name or on an encryption context leave the copies out.',
} as const satisfies Record<DenialCause, string>;
