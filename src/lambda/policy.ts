import type { FunctionFacts } from '../domain/model.ts';
import { logGroupPrefix, shadowPrefix } from './names.ts';
import { type Feature, permissions, type Scope } from './permissions.ts';
import type { Target } from './target.ts';

export interface PolicyOptions {
  /** Beyond `always`: what the targets use. */
  readonly features?: readonly Feature[];
  /** The targets' execution roles; any role of the account without it. */
  readonly roleArns?: readonly string[];
  /** Any layer without it. */
  readonly layerArns?: readonly string[];
  /** Customer keys; any key without it. */
  readonly keyArns?: readonly string[];
  readonly stagingBucket?: string;
  /** Objects that `--x86-code` and `--arm64-code` name. */
  readonly stagedBuilds?: readonly { readonly bucket: string; readonly key: string }[];
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
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, string>> };
}

/**
 * The least that a run needs: writes only on names that begin as shadows and run log groups do, reads on the target, and
 * the role passed to Lambda alone. Without facts, for any function of the account.
 */
export function policyFor(facts: FunctionFacts | undefined, options: PolicyOptions = {}): PolicyDocument {
  const features = new Set<Feature>(['always', ...(options.features ?? [])]);
  if (facts?.packageType === 'Image') features.add('image');
  if (options.stagingBucket !== undefined) features.add('stagingBucket');
  if (options.stagedBuilds !== undefined) features.add('stagedBuild');
  const actionsByScope = new Map<Scope, Set<string>>();
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
      ...(scope === 'role' ? { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } } : {}),
    })),
  };
}

/** What a target uses decides what its copies need. */
export function policyForTarget(
  { facts, source }: Target,
  options: Pick<PolicyOptions, 'stagingBucket' | 'stagedBuilds'>,
): PolicyDocument {
  const { configuration, code } = source.reveal();
  const layerArns = (configuration.Layers ?? []).flatMap(({ Arn }) => Arn ?? []);
  const keyArns = [configuration.KMSKeyArn, code.SourceKMSKeyArn].filter((arn) => arn !== undefined && arn !== '');
  const uses: Readonly<Partial<Record<Feature, boolean>>> = {
    cleanup: true,
    layers: layerArns.length > 0,
    vpc: (configuration.VpcConfig?.SubnetIds ?? []).length > 0,
    fileSystem: (configuration.FileSystemConfigs ?? []).length > 0,
    image: configuration.PackageType === 'Image',
    customerKey: keyArns.length > 0,
  };
  return policyFor(facts, {
    ...options,
    features: (Object.keys(uses) as Feature[]).filter((feature) => uses[feature]),
    ...(configuration.Role === undefined ? {} : { roleArns: [configuration.Role] }),
    ...(layerArns.length === 0 ? {} : { layerArns }),
    ...(keyArns.length === 0 ? {} : { keyArns: keyArns.filter((arn) => arn !== undefined) }),
  });
}

function resourcesOf(
  facts: FunctionFacts | undefined,
  options: PolicyOptions,
): Readonly<Record<Scope, readonly string[]>> {
  const partition = facts?.functionArn.split(':')[1] ?? 'aws';
  const region = facts?.region ?? '*';
  const account = facts?.accountId ?? '*';
  const lambda = `arn:${partition}:lambda:${region}:${account}`;
  const bucket = `arn:${partition}:s3:::${options.stagingBucket ?? '*'}`;
  const target = `${lambda}:function:${facts?.functionName ?? '*'}`;
  return {
    // With and without qualifier
    target: facts ? [target, `${target}:*`] : [target],
    shadow: [`${lambda}:function:${shadowPrefix}*`],
    role: options.roleArns ?? [`arn:${partition}:iam::${account}:role/*`],
    // Layers may belong to other accounts
    layer: options.layerArns ?? [`arn:${partition}:lambda:${region}:*:layer:*`],
    logGroup: [`arn:${partition}:logs:${region}:${account}:log-group:${logGroupPrefix}*`],
    stagedObject: [`${bucket}/lambda-tune/*`],
    stagingBucket: [bucket],
    stagedBuild: (options.stagedBuilds ?? []).map((build) => `arn:${partition}:s3:::${build.bucket}/${build.key}`),
    key: options.keyArns ?? [`arn:${partition}:kms:${region}:*:key/*`],
    repository: [`arn:${partition}:ecr:${region}:*:repository/*`],
    any: ['*'],
  };
}
