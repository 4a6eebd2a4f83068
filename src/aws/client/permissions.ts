/**
 * Which IAM actions each call needs: actions are not operations (Invoke needs `lambda:InvokeFunction`), and what the target
 * uses adds to them. A test keeps this table and the calls of this folder the same. Sources: AWS service authorization
 * reference; rows marked [infer] or [memory] were not confirmed by it.
 */

/** What of a target, or of the options, asks for the row; `always` for every run. */
export type Feature =
  | 'always'
  | 'cleanup'
  | 'layers'
  | 'vpc'
  /** EFS */
  | 'fileSystem'
  | 's3Files'
  | 'image'
  /** The repository does not let Lambda in yet, and CreateFunction shall see to it. */
  | 'repositoryPolicy'
  /** Lambda runs the code from a bucket of the owner's. */
  | 'ownersCode'
  | 'customerKey'
  | 'stagingBucket'
  /** `--arm64-code s3://…` */
  | 'stagedBuild'
  /** `--payload s3://…` */
  | 'payloadObject'
  /** `--payload test-event:…` */
  | 'testEvent'
  /** `--before`, `--after` and their like, of a function. */
  | 'hook'
  /** `tune observe`, which makes nothing */
  | 'observe'
  /** `tune fleet rank`, which makes nothing either */
  | 'fleet'
  /** `tune fleet rank --accounts ou-…` */
  | 'organization';

/** What the actions are allowed on. */
export type PermissionScope =
  | 'target'
  | 'shadow'
  | 'role'
  | 'layer'
  | 'logGroup'
  /** Of the function that is observed */
  | 'observedLogs'
  | 'stagedObject'
  | 'stagingBucket'
  | 'stagedBuild'
  | 'payloadObject'
  | 'testEvent'
  | 'hook'
  | 'ownersCode'
  | 'key'
  | 'repository'
  | 'any';

export interface Permission {
  /** `Service.Operation` */
  readonly operation: string;
  readonly feature: Feature;
  readonly actions: readonly string[];
  readonly scope: PermissionScope;
}

export const permissions: readonly Permission[] = [
  // Reading the target
  row('Lambda.GetFunction', 'always', 'target', 'lambda:GetFunction', 'lambda:ListTags'),
  row('Lambda.GetFunction', 'always', 'shadow', 'lambda:GetFunction', 'lambda:ListTags'),
  row('Lambda.GetFunction', 'customerKey', 'key', 'kms:Decrypt'),
  row('Lambda.GetAlias', 'always', 'target', 'lambda:GetAlias'),
  // Only to name what there is when an alias is misspelt: a run does without.
  row('Lambda.ListAliases', 'always', 'target'),
  row('Lambda.GetFunctionCodeSigningConfig', 'always', 'target', 'lambda:GetFunctionCodeSigningConfig'),
  row('Lambda.GetFunctionRecursionConfig', 'always', 'target', 'lambda:GetFunctionRecursionConfig'),
  row('Lambda.GetRuntimeManagementConfig', 'always', 'target', 'lambda:GetRuntimeManagementConfig'),
  row('Lambda.ListProvisionedConcurrencyConfigs', 'always', 'target', 'lambda:ListProvisionedConcurrencyConfigs'),
  // Whether answers are streamed
  row('Lambda.GetFunctionUrlConfig', 'always', 'target', 'lambda:GetFunctionUrlConfig'),
  // Who calls it: optional, a denial is a notice. The list accepts no resource but *.
  row('Lambda.GetPolicy', 'always', 'target', 'lambda:GetPolicy'),
  row('Lambda.ListEventSourceMappings', 'always', 'any', 'lambda:ListEventSourceMappings'),
  row('Lambda.GetLayerVersionByArn', 'layers', 'layer', 'lambda:GetLayerVersion'),
  // The build for the other architecture
  row('ECR.BatchGetImage', 'image', 'repository', 'ecr:BatchGetImage'),
  row('ECR.GetDownloadUrlForLayer', 'image', 'repository', 'ecr:GetDownloadUrlForLayer'),
  // Accepts no resource but *
  row('Lambda.GetAccountSettings', 'always', 'any', 'lambda:GetAccountSettings'),
  row('S3.GetObject', 'stagedBuild', 'stagedBuild', 's3:GetObject'),
  row('S3.GetObject', 'payloadObject', 'payloadObject', 's3:GetObject'),
  row('Schemas.DescribeSchema', 'testEvent', 'testEvent', 'schemas:DescribeSchema'),
  // Functions that prepare and follow up calls: the user's own, and only called
  row('Lambda.GetFunctionConfiguration', 'hook', 'hook', 'lambda:GetFunctionConfiguration'),
  row('Lambda.Invoke', 'hook', 'hook', 'lambda:InvokeFunction'),
  // Of who assumes the role; what the role itself may do are the other rows.
  row('STS.AssumeRole', 'always', 'any'),
  // Everybody may ask who they are.
  row('STS.GetCallerIdentity', 'always', 'any'),
  // Shadows
  row('Lambda.CreateFunction', 'always', 'shadow', 'lambda:CreateFunction', 'lambda:TagResource'),
  row('Lambda.CreateFunction', 'always', 'role', 'iam:PassRole'),
  row('Lambda.CreateFunction', 'layers', 'layer', 'lambda:GetLayerVersion'),
  row('Lambda.CreateFunction', 'vpc', 'any', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'),
  // [memory]
  row('Lambda.CreateFunction', 'fileSystem', 'any', 'elasticfilesystem:DescribeMountTargets'),
  // [infer] from the API of S3 Files
  row('Lambda.CreateFunction', 's3Files', 'any', 's3files:GetAccessPoint', 's3files:ListMountTargets'),
  row('Lambda.CreateFunction', 'ownersCode', 'ownersCode', 's3:GetObject', 's3:GetObjectVersion'),
  row('Lambda.CreateFunction', 'stagingBucket', 'stagedObject', 's3:GetObject', 's3:GetObjectVersion'),
  // [infer]
  row(
    'Lambda.CreateFunction',
    'customerKey',
    'key',
    'kms:CreateGrant',
    'kms:Decrypt',
    'kms:Encrypt',
    'kms:GenerateDataKey',
  ),
  row(
    'Lambda.CreateFunction',
    'image',
    'repository',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:GetRepositoryPolicy',
  ),
  // Lambda writes itself into the policy of a repository that does not name it. One that the function runs from does.
  row('Lambda.CreateFunction', 'repositoryPolicy', 'repository', 'ecr:SetRepositoryPolicy'),
  row('Lambda.UpdateFunctionConfiguration', 'always', 'shadow', 'lambda:UpdateFunctionConfiguration'),
  row('Lambda.PublishVersion', 'always', 'shadow', 'lambda:PublishVersion'),
  row('Lambda.Invoke', 'always', 'shadow', 'lambda:InvokeFunction'),
  row('Lambda.InvokeWithResponseStream', 'always', 'shadow', 'lambda:InvokeFunction'),
  row('Lambda.TagResource', 'always', 'shadow', 'lambda:TagResource'),
  row('Lambda.DeleteFunction', 'always', 'shadow', 'lambda:DeleteFunction'),
  row('Lambda.ListFunctions', 'cleanup', 'any', 'lambda:ListFunctions'),
  row('Lambda.ListTags', 'cleanup', 'shadow', 'lambda:ListTags'),
  // The run's log group
  row('CloudWatchLogs.CreateLogGroup', 'always', 'logGroup', 'logs:CreateLogGroup', 'logs:TagResource'),
  row('CloudWatchLogs.PutRetentionPolicy', 'always', 'logGroup', 'logs:PutRetentionPolicy'),
  row('CloudWatchLogs.TagResource', 'always', 'logGroup', 'logs:TagResource'),
  row('CloudWatchLogs.FilterLogEvents', 'always', 'logGroup', 'logs:FilterLogEvents'),
  row('CloudWatchLogs.DeleteLogGroup', 'always', 'logGroup', 'logs:DeleteLogGroup'),
  row('CloudWatchLogs.DescribeLogGroups', 'cleanup', 'any', 'logs:DescribeLogGroups'),
  row('CloudWatchLogs.DescribeLogStreams', 'cleanup', 'logGroup', 'logs:DescribeLogStreams'),
  row('CloudWatchLogs.ListTagsForResource', 'cleanup', 'logGroup', 'logs:ListTagsForResource'),
  // Packages over 50 MB
  row('S3.PutObject', 'stagingBucket', 'stagedObject', 's3:PutObject'),
  row('S3.DeleteObject', 'stagingBucket', 'stagedObject', 's3:DeleteObject', 's3:DeleteObjectVersion'),
  // Where versions may not be listed
  row('S3.HeadObject', 'stagingBucket', 'stagedObject', 's3:GetObject'),
  row('S3.ListObjectVersions', 'stagingBucket', 'stagingBucket', 's3:ListBucketVersions'),
  // Reading production
  row('Lambda.GetFunction', 'observe', 'target', 'lambda:GetFunction'),
  row('Lambda.GetAlias', 'observe', 'target', 'lambda:GetAlias'),
  row('Lambda.ListVersionsByFunction', 'observe', 'target', 'lambda:ListVersionsByFunction'),
  row('Lambda.ListProvisionedConcurrencyConfigs', 'observe', 'target', 'lambda:ListProvisionedConcurrencyConfigs'),
  row('Lambda.GetPolicy', 'observe', 'target', 'lambda:GetPolicy'),
  row('Lambda.ListEventSourceMappings', 'observe', 'any', 'lambda:ListEventSourceMappings'),
  // Accept no resource but *
  row('Lambda.ListFunctions', 'fleet', 'any', 'lambda:ListFunctions'),
  // Accepts no resource but *, like the tags of everything
  row('Lambda.ListEventSourceMappings', 'fleet', 'any', 'lambda:ListEventSourceMappings'),
  row('Tagging.GetResources', 'fleet', 'any', 'tag:GetResources'),
  // Only with --accounts ou-…, in the management account or one that it delegates to
  row('Organizations.ListAccountsForParent', 'organization', 'any', 'organizations:ListAccountsForParent'),
  row(
    'Organizations.ListOrganizationalUnitsForParent',
    'organization',
    'any',
    'organizations:ListOrganizationalUnitsForParent',
  ),
  row('CloudWatch.GetMetricData', 'observe', 'any', 'cloudwatch:GetMetricData'),
  row('CloudWatchLogs.DescribeLogGroups', 'observe', 'any', 'logs:DescribeLogGroups'),
  row('CloudWatchLogs.FilterLogEvents', 'observe', 'observedLogs', 'logs:FilterLogEvents'),
  row('CloudWatchLogs.StartQuery', 'observe', 'observedLogs', 'logs:StartQuery'),
  row('CloudWatchLogs.GetQueryResults', 'observe', 'any', 'logs:GetQueryResults'),
  // With --xray
  row('XRay.GetTraceSummaries', 'observe', 'any', 'xray:GetTraceSummaries'),
  row('XRay.BatchGetTraces', 'observe', 'any', 'xray:BatchGetTraces'),
  // Compute Optimizer reads the function and its metrics in the caller's name [doc].
  row(
    'ComputeOptimizer.GetLambdaFunctionRecommendations',
    'observe',
    'any',
    'compute-optimizer:GetLambdaFunctionRecommendations',
    'lambda:ListFunctions',
    'lambda:ListProvisionedConcurrencyConfigs',
  ),
];

function row(operation: string, feature: Feature, scope: PermissionScope, ...actions: string[]): Permission {
  return { operation, feature, scope, actions };
}

/** Every action that a call may need, whatever the target uses. */
export function actionsOf(operation: string): readonly string[] {
  return [...new Set(permissions.filter((one) => one.operation === operation).flatMap((one) => one.actions))];
}
