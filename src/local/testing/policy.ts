import type { Route } from '../http/routes.ts';
import { type ApiRequest, parameter, type ServiceFailure, type WireAnswer } from '../http/wire.ts';
import { accessDenied, functionArn, matchesGlob, parseFunctionName, withQualifier } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { bodyMembers, objectOf, resourceOf } from './resource.ts';
import type { TestingOptions } from './testing.ts';

/** What IAM would say to a call. */

type Policy = Pick<TestingOptions, 'allow' | 'deny'>;

/** What a call needs: IAM actions are not operations. */
interface Need {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** The first thing that the call needs and the policy does not allow, as the service words it. */
export function denialOf(
  policy: Policy,
  service: Service,
  route: Route,
  request: ApiRequest,
): ServiceFailure | undefined {
  if (policy.deny === undefined && policy.allow === undefined) return undefined;
  const denied = needsOf(service, route, request).find((need) => !isAllowed(policy, need));
  return denied && accessDenied(service.account, denied.action, denied.resource, denialOfNeed(policy, denied)?.by);
}

function denialOfNeed({ deny }: Policy, { action, resource }: Need) {
  return deny?.find((each) => matchesGlob(each.action, action) && matchesGlob(each.resource, resource));
}

/** What is denied stays denied, whatever is allowed beside it. */
function isAllowed(policy: Policy, need: Need): boolean {
  const { action, resource, keys = {} } = need;
  if (denialOfNeed(policy, need) !== undefined) return false;
  if (policy.allow === undefined) return true;
  return policy.allow.some(
    ({ Action, Resource, Condition }) =>
      Action.some((each) => matchesGlob(each, action)) &&
      Resource.some((each) => matchesGlob(each, resource)) &&
      Object.entries(Condition?.StringEquals ?? {}).every(([key, value]) => keys[key] === value),
  );
}

/** Without `lambda:ListTags` GetFunction succeeds all the same and says so [model]; with a qualifier it has no tags anyway. */
export function withoutForbiddenTags(
  policy: Policy,
  service: Service,
  request: ApiRequest,
  answer: WireAnswer,
): WireAnswer {
  if (answer.status !== 200) return answer;
  const named = parseFunctionName(parameter(request, 'FunctionName'), service.account, 'GetFunction');
  const { functionName, qualifier } = withQualifier(named, request.query.get('Qualifier'));
  const arn = functionArn(service.account, functionName);
  if (qualifier !== undefined || isAllowed(policy, { action: 'lambda:ListTags', resource: arn })) return answer;
  const { Tags, ...others } = objectOf(JSON.parse(String(answer.body)));
  const TagsError = {
    ErrorCode: 'AccessDeniedException',
    Message: `Not authorized to perform: lambda:ListTags on resource: ${arn}`,
  };
  return { ...answer, body: JSON.stringify({ ...others, TagsError }) };
}

function needsOf(service: Service, route: Route, request: ApiRequest): readonly Need[] {
  // Code is fetched by its presigned location, and everybody may ask who they are.
  if (route.service === 'code' || route.service === 'sts') return [];
  const resource = resourceOf(service, route, request);
  const prefix = iamPrefixes[route.service] ?? route.service;
  const own = { action: `${prefix}:${actionNames[route.operation] ?? route.operation}`, resource };
  const more = (action: string, of = resource): Need => ({ action, resource: of });
  if (route.service === 's3' && request.query.has('versionId')) {
    const action = versionActions[route.operation];
    return [action === undefined ? own : more(action)];
  }
  if (route.operation === 'CreateLogGroup') {
    return bodyMembers(request).tags === undefined ? [own] : [own, more('logs:TagResource')];
  }
  if (route.operation !== 'CreateFunction') return [own];
  const { Role, Tags, Layers, Code, VpcConfig, FileSystemConfigs, KMSKeyArn } = bodyMembers(request);
  const staged = objectOf(Code);
  const { SubnetIds } = objectOf(VpcConfig);
  const passed = { 'iam:PassedToService': 'lambda.amazonaws.com' };
  const image = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(String(staged.ImageUri ?? ''));
  return [
    own,
    ...(typeof Role === 'string' ? [{ action: 'iam:PassRole', resource: Role, keys: passed }] : []),
    ...(Array.isArray(SubnetIds) && SubnetIds.length > 0
      ? ['SecurityGroups', 'Subnets', 'Vpcs'].map((what) => more(`ec2:Describe${what}`, '*'))
      : []),
    // [memory]
    ...(Array.isArray(FileSystemConfigs) ? FileSystemConfigs : []).flatMap((each) =>
      String(objectOf(each).Arn).includes(':s3files:')
        ? ['GetAccessPoint', 'ListMountTargets'].map((what) => more(`s3files:${what}`, '*'))
        : [more('elasticfilesystem:DescribeMountTargets', '*')],
    ),
    // [infer]
    ...(typeof KMSKeyArn === 'string' && KMSKeyArn !== ''
      ? ['CreateGrant', 'Decrypt', 'Encrypt'].map((what) => more(`kms:${what}`, KMSKeyArn))
      : []),
    ...(image === null
      ? []
      : ['BatchGetImage', 'GetDownloadUrlForLayer', 'GetRepositoryPolicy'].map((what) =>
          more(`ecr:${what}`, `arn:aws:ecr:${image[2]}:${image[1]}:repository/${image[3]}`),
        )),
    ...(Tags === undefined || Tags === null ? [] : [more('lambda:TagResource')]),
    ...(Array.isArray(Layers) ? Layers.map((layer) => more('lambda:GetLayerVersion', String(layer))) : []),
    ...(staged.S3Bucket === undefined
      ? []
      : [
          more(
            staged.S3ObjectVersion === undefined ? 's3:GetObject' : 's3:GetObjectVersion',
            `arn:aws:s3:::${String(staged.S3Bucket)}/${String(staged.S3Key)}`,
          ),
        ]),
  ];
}

/** Where IAM calls a service by another name. */
const iamPrefixes: Readonly<Record<string, string>> = { cloudwatchCbor: 'cloudwatch', tagging: 'tag' };

const actionNames: Readonly<Record<string, string>> = {
  Invoke: 'InvokeFunction',
  InvokeWithResponseStream: 'InvokeFunction',
  GetLayerVersionByArn: 'GetLayerVersion',
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListBuckets: 'ListAllMyBuckets',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
};

const versionActions: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObjectVersion',
  HeadObject: 's3:GetObjectVersion',
  DeleteObject: 's3:DeleteObjectVersion',
};
