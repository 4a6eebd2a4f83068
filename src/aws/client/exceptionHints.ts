/** Exceptions of Lambda that have a cause of their own, whatever their HTTP status: what can help. */

const mount = (what: string, actions: string) =>
  `Lambda could not mount ${what} for the copy. Its role needs ${actions}; a policy of the file system or of the role that names the function (aws:SourceArn, lambda:SourceFunctionArn) leaves the copies out, and the mount target's security group must let the function's in.`;

const efs = mount('the EFS file system', 'elasticfilesystem:ClientMount (and ClientWrite)');
const s3Files = mount('the S3 file system', 's3files:ClientMount (and ClientWrite)');
const key =
  'The policy of the KMS key must let the function’s role decrypt for functions called tune-*, too: a condition on the function’s name or on an encryption context leaves the copies out.';

const hints: Readonly<Record<string, string>> = {
  EFSIOException: 'The file system answered with an error: look at its throughput and burst credits.',
  EFSMountConnectivityException: efs,
  EFSMountFailureException: efs,
  EFSMountTimeoutException: efs,
  S3FilesMountConnectivityException: s3Files,
  S3FilesMountFailureException: s3Files,
  S3FilesMountTimeoutException: s3Files,
  KMSAccessDeniedException: key,
  KMSDisabledException:
    'The KMS key of the environment variables is disabled: enable it, or give the function another one.',
  KMSInvalidStateException:
    'The KMS key of the environment variables cannot be used in its state: see it with aws kms describe-key.',
  KMSNotFoundException: 'The KMS key of the environment variables does not exist any more.',
  EC2AccessDeniedException:
    'The function’s role may not make network interfaces: it needs ec2:CreateNetworkInterface, ec2:DescribeNetworkInterfaces and ec2:DeleteNetworkInterface.',
  ENILimitReachedException:
    'The VPC has no network interfaces left: raise the quota, or measure fewer configurations at once.',
  InvalidSecurityGroupIDException: 'A security group of the function does not exist any more.',
  InvalidSubnetIDException: 'A subnet of the function does not exist any more.',
  SubnetIPAddressLimitReachedException: 'The function’s subnets have no free addresses left.',
  RecursiveInvocationException:
    'Lambda stopped what it takes for a loop: the function calls itself, directly or through a queue or topic. Measure it with a payload that does not.',
};

/** Undefined for an exception that needs no more than its own words. */
export function exceptionHint(name: string): string | undefined {
  return Object.hasOwn(hints, name) ? hints[name] : undefined;
}

/** 403, and no permission of the caller is missing. */
export const refusedForOtherReasons: ReadonlySet<string> = new Set([
  'EFSMountFailureException',
  'S3FilesMountFailureException',
  'InvalidObjectState',
]);
