import { keysOf } from '../../base/keys.ts';
import type { FunctionFacts } from '../../model/functionFacts.ts';
import { logGroupPrefix, shadowPrefix } from '../client/names.ts';
import { type Feature, type PermissionScope, permissions } from '../client/permissions.ts';
import { isImage } from '../target/functionShape.ts';
import { parseImageUri, repositoryArn } from '../target/imageUri.ts';
import type { Target } from '../target/target.ts';

export interface PolicyOptions {
  /** `observe`: for reading production alone; `fleet`: that of all functions. Nothing is made. */
  readonly purpose?: 'measure' | 'observe' | 'fleet' | undefined;
  /** Where the observed function logs; its own group without it. */
  readonly logGroup?: string | undefined;
  /** Beyond `always`: what the targets use. */
  readonly features?: readonly Feature[];
  /** The targets' execution roles; any role of the account without it. */
  readonly roleArns?: readonly string[] | undefined;
  /** Any layer without it. */
  readonly layerArns?: readonly string[];
  /** Customer keys; any key without it. */
  readonly keyArns?: readonly string[] | undefined;
  /** Of ARNs that no fact names: `aws` without it. */
  readonly partition?: string | undefined;
  /** Images whose repositories are read; any repository of the region's without them. */
  readonly imageUris?: readonly string[];
  /** Where the target's code is, when Lambda runs it from there. */
  readonly ownersCode?: { readonly bucket: string; readonly key: string } | undefined;
  readonly stagingBucket?: string | undefined;
  /** Objects that `--x86-code` and `--arm64-code` name. */
  readonly stagedBuilds?: readonly { readonly bucket: string; readonly key: string }[] | undefined;
  /** What `--payload s3://…` names. */
  readonly payloadObject?: { readonly bucket: string; readonly key: string } | undefined;
  /** Functions, by name or ARN, that are called before and after. */
  readonly hooks?: readonly string[] | undefined;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> } | undefined;
}

/**
 * The least that a run needs: writes only on names that begin as shadows and run log groups do, reads on the target, and
 * the role passed to Lambda alone. Without facts, for any function of the account.
 */
export function policyFor(facts: FunctionFacts | undefined, options: PolicyOptions = {}): PolicyDocument {
  if (options.purpose === 'observe') return documentOf(new Set(['observe']), facts, options);
  if (options.purpose === 'fleet') return documentOf(new Set(['observe', 'fleet', 'organization']), undefined, options);
  const features = new Set<Feature>(['always', ...(options.features ?? [])]);
  if (facts?.packageType === 'Image') features.add('image');
  if (options.stagingBucket !== undefined) features.add('stagingBucket');
  if (options.stagedBuilds !== undefined) features.add('stagedBuild');
  if (options.payloadObject !== undefined) features.add('payloadObject');
  if ((options.hooks ?? []).length > 0) features.add('hook');
  if (options.ownersCode !== undefined) features.add('ownersCode');
  if ((options.layerArns ?? []).length > 0) features.add('layers');
  if ((options.imageUris ?? []).length > 0) features.add('image');
  return documentOf(features, facts, options);
}

function documentOf(
  features: ReadonlySet<Feature>,
  facts: FunctionFacts | undefined,
  options: PolicyOptions,
): PolicyDocument {
  const actionsByScope = new Map<PermissionScope, Set<string>>();
  for (const { feature, scope, actions } of permissions) {
    if (!features.has(feature)) continue;
    const known = actionsByScope.get(scope) ?? new Set();
    for (const action of actions) known.add(action);
    actionsByScope.set(scope, known);
  }
  const resources = resourcesOf(facts, options);
  return {
    Version: '2012-10-17',
    Statement: [...actionsByScope].map(([scope, actions]) => ({
      Sid: `Tune${scope.charAt(0).toUpperCase()}${scope.slice(1)}`,
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: resources[scope],
      Condition: scope === 'role' ? { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } : undefined,
    })),
  };
}

/** What options of a run name beyond the target, and what the user asked for. */
type AskedFor = Pick<
  PolicyOptions,
  'payloadObject' | 'hooks' | 'purpose' | 'features' | 'stagingBucket' | 'stagedBuilds' | 'layerArns' | 'imageUris'
>;

/** What a target uses decides what its copies need. */
export function policyForTarget({ facts, source }: Target, options: AskedFor): PolicyDocument {
  const { configuration, code } = source.reveal();
  const layerArns = [
    ...new Set([...(configuration.Layers ?? []).flatMap(({ Arn }) => Arn ?? []), ...(options.layerArns ?? [])]),
  ];
  const keyArns = [configuration.KMSKeyArn, code.SourceKMSKeyArn].filter((arn) => arn !== undefined && arn !== '');
  const imageUris = [code.ImageUri ?? code.ResolvedImageUri, ...(options.imageUris ?? [])].filter(
    (uri) => uri !== undefined,
  );
  const fileSystems = (configuration.FileSystemConfigs ?? []).map(({ Arn: arn }) => arn ?? '');
  const { S3Bucket: bucket, S3Key: key } = code.ResolvedS3Object ?? {};
  const isOwners = code.Location === undefined && bucket !== undefined && key !== undefined;
  const uses: Readonly<Partial<Record<Feature, boolean>>> = {
    cleanup: true,
    vpc: (configuration.VpcConfig?.SubnetIds ?? []).length > 0,
    fileSystem: fileSystems.some((arn) => !isS3Files(arn)),
    s3Files: fileSystems.some(isS3Files),
    image: isImage(configuration),
    customerKey: keyArns.length > 0,
  };
  return policyFor(facts, {
    ...options,
    features: [...(options.features ?? []), ...keysOf(uses).filter((feature) => uses[feature])],
    roleArns: configuration.Role === undefined ? undefined : [configuration.Role],
    layerArns,
    imageUris,
    ownersCode: isOwners ? { bucket, key } : undefined,
    logGroup: configuration.LoggingConfig?.LogGroup,
    keyArns: keyArns.length === 0 ? undefined : keyArns.filter((arn) => arn !== undefined),
  });
}

function isS3Files(fileSystemArn: string): boolean {
  return fileSystemArn.split(':')[2] === 's3files';
}

function resourcesOf(
  facts: FunctionFacts | undefined,
  options: PolicyOptions,
): Readonly<Record<PermissionScope, readonly string[]>> {
  const partition = facts?.functionArn.split(':')[1] ?? options.partition ?? 'aws';
  const region = facts?.region ?? '*';
  const account = facts?.accountId ?? '*';
  const lambda = `arn:${partition}:lambda:${region}:${account}`;
  const bucket = `arn:${partition}:s3:::${options.stagingBucket ?? '*'}`;
  const target = `${lambda}:function:${facts?.functionName ?? '*'}`;
  const object = (of: { readonly bucket: string; readonly key: string }) =>
    `arn:${partition}:s3:::${of.bucket}/${of.key}`;
  const repositories = [
    ...new Set(
      (options.imageUris ?? []).flatMap((uri) => {
        const named = parseImageUri(uri);
        return named === undefined ? [] : [repositoryArn(named)];
      }),
    ),
  ];
  return {
    // With and without qualifier
    target: facts ? [target, `${target}:*`] : [target],
    // `tune-*` alone may be the beginning of somebody's own function
    shadow: [`${lambda}:function:${shadowPrefix}*-x86_64-*`, `${lambda}:function:${shadowPrefix}*-arm64-*`],
    role: options.roleArns ?? [`arn:${partition}:iam::${account}:role/*`],
    // Layers may belong to other accounts
    layer: someOr(options.layerArns, `arn:${partition}:lambda:${region}:*:layer:*`),
    logGroup: [`arn:${partition}:logs:${region}:${account}:log-group:${logGroupPrefix}*`],
    observedLogs: [options.logGroup ?? `/aws/lambda/${facts?.functionName ?? '*'}`, '/aws/lambda-insights'].map(
      (group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}:*`,
    ),
    stagedObject: [`${bucket}/lambda-tune/*`],
    stagingBucket: [bucket],
    stagedBuild: (options.stagedBuilds ?? []).map(object),
    payloadObject: options.payloadObject === undefined ? [] : [object(options.payloadObject)],
    testEvent: [
      `arn:${partition}:schemas:${region}:${account}:schema/lambda-testevent-schemas/_${facts?.functionName ?? '*'}-schema`,
    ],
    hook: (options.hooks ?? []).flatMap((named) => {
      const arn = named.startsWith('arn:')
        ? named.split(':').slice(0, 7).join(':')
        : `${lambda}:function:${named.split(':')[0]}`;
      return [arn, `${arn}:*`];
    }),
    key: options.keyArns ?? [`arn:${partition}:kms:${region}:*:key/*`],
    repository: someOr(repositories, `arn:${partition}:ecr:${region}:*:repository/*`),
    ownersCode: options.ownersCode === undefined ? [] : [object(options.ownersCode)],
    any: ['*'],
  };
}

function someOr(arns: readonly string[] | undefined, any: string): readonly string[] {
  return arns === undefined || arns.length === 0 ? [any] : arns;
}
