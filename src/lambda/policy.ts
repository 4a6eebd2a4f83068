import type { FunctionFacts } from '../domain/model.ts';
import { logGroupPrefix, shadowPrefix } from './names.ts';
import { type Feature, permissions, type Scope } from './permissions.ts';

export interface PolicyOptions {
  /** Beyond `always`: what the targets use. */
  readonly features?: readonly Feature[];
  /** The targets' execution roles; any role of the account without it. */
  readonly roleArns?: readonly string[];
  readonly stagingBucket?: string;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

interface PolicyStatement {
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
    layer: [`arn:${partition}:lambda:${region}:*:layer:*`],
    logGroup: [`arn:${partition}:logs:${region}:${account}:log-group:${logGroupPrefix}*`],
    stagedObject: [`${bucket}/lambda-tune/*`],
    stagingBucket: [bucket],
    key: [`arn:${partition}:kms:${region}:*:key/*`],
    repository: [`arn:${partition}:ecr:${region}:*:repository/*`],
    any: ['*'],
  };
}
