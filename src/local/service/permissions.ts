import type { Route } from '../http/routes.ts';
import type { ApiRequest, ServiceFailure } from '../http/wire.ts';
import { accessDenied, functionArn, layerArn, logGroupArn, matchesGlob } from './names.ts';
import type { Service } from './service.ts';

/** What a call needs: IAM actions are not operations. */
interface Need {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the call. */
  readonly keys?: Readonly<Record<string, string>>;
}

/** The ARN that a call is about; `*` when it names none. */
export function resourceOf(service: Service, route: Route, request: ApiRequest): string {
  const { account } = service;
  if (route.service === 's3') {
    const { Bucket = '', Key } = route.parameters;
    return Bucket === '' ? '*' : `arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`;
  }
  if (route.service === 'logs') {
    const { logGroupName, logGroupIdentifier, resourceArn } = bodyMembers(request);
    if (typeof resourceArn === 'string') return resourceArn;
    const name = logGroupName ?? logGroupIdentifier;
    return typeof name === 'string' ? logGroupArn(account, name) : '*';
  }
  if (route.service !== 'lambda') return '*';
  const { FunctionName, LayerName, Resource } = route.parameters;
  if (Resource !== undefined) return Resource;
  if (LayerName !== undefined) return layerArn(account, LayerName);
  if (route.operation === 'GetLayerVersionByArn') return request.query.get('Arn') ?? '*';
  const name = route.operation === 'CreateFunction' ? bodyMembers(request).FunctionName : FunctionName;
  if (typeof name !== 'string') return '*';
  if (name.startsWith('arn:')) return name;
  return functionArn(account, name, request.query.get('Qualifier') ?? undefined);
}

/** The first thing that the call needs and the tests' policy does not allow, as the service words it. */
export function denialOf(service: Service, route: Route, request: ApiRequest): ServiceFailure | undefined {
  if (service.testing?.deny === undefined && service.testing?.allow === undefined) return undefined;
  const denied = needsOf(service, route, request).find((need) => !isAllowed(service, need));
  return denied && accessDenied(service.account, denied.action, denied.resource, denialOfNeed(service, denied)?.by);
}

function denialOfNeed({ testing }: Pick<Service, 'testing'>, { action, resource }: Need) {
  return testing?.deny?.find((each) => matchesGlob(each.action, action) && matchesGlob(each.resource, resource));
}

/** What is denied stays denied, whatever is allowed beside it. */
export function isAllowed(service: Pick<Service, 'testing'>, need: Need): boolean {
  const { testing } = service;
  const { action, resource, keys = {} } = need;
  if (denialOfNeed(service, need) !== undefined) return false;
  if (testing?.allow === undefined) return true;
  return testing.allow.some(
    ({ Action, Resource, Condition }) =>
      Action.some((each) => matchesGlob(each, action)) &&
      Resource.some((each) => matchesGlob(each, resource)) &&
      Object.entries(Condition?.StringEquals ?? {}).every(([key, value]) => keys[key] === value),
  );
}

function needsOf(service: Service, route: Route, request: ApiRequest): readonly Need[] {
  // Code is fetched by its presigned location, and everybody may ask who they are.
  if (route.service === 'code' || route.service === 'sts') return [];
  const resource = resourceOf(service, route, request);
  const own = { action: `${route.service}:${actionNames[route.operation] ?? route.operation}`, resource };
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

const actionNames: Readonly<Record<string, string>> = {
  Invoke: 'InvokeFunction',
  GetLayerVersionByArn: 'GetLayerVersion',
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListBuckets: 'ListAllMyBuckets',
};

const versionActions: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObjectVersion',
  HeadObject: 's3:GetObjectVersion',
  DeleteObject: 's3:DeleteObjectVersion',
};

/** Members of a JSON body, of which nothing is known yet; none when it is not an object. */
function bodyMembers({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

function objectOf(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null ? { ...content } : {};
}
