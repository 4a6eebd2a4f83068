import { accessDenied, functionArn, layerArn, logGroupArn, matchesGlob } from './names.ts';
import type { Route } from './routes.ts';
import type { Service } from './service.ts';
import type { ApiRequest, ServiceFailure } from './wire.ts';

/** What a call needs: IAM actions are not operations. */
interface Need {
  readonly action: string;
  readonly resource: string;
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

/** The first denial of the tests' policy that the call meets, as the service words it. */
export function denialOf(service: Service, route: Route, request: ApiRequest): ServiceFailure | undefined {
  const denials = service.testing?.deny;
  if (denials === undefined || denials.length === 0) return undefined;
  for (const { action, resource } of needsOf(service, route, request)) {
    const denied = denials.some((each) => matchesGlob(each.action, action) && matchesGlob(each.resource, resource));
    if (denied) return accessDenied(service.account, action, resource);
  }
  return undefined;
}

function needsOf(service: Service, route: Route, request: ApiRequest): readonly Need[] {
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
  const { Role, Tags, Layers, Code } = bodyMembers(request);
  const staged = objectOf(Code);
  return [
    own,
    ...(typeof Role === 'string' ? [more('iam:PassRole', Role)] : []),
    ...(Tags === undefined || Tags === null ? [] : [more('lambda:TagResource')]),
    ...(Array.isArray(Layers) ? Layers.map((layer) => more('lambda:GetLayerVersion', String(layer))) : []),
    ...(staged.S3Bucket === undefined
      ? []
      : [more('s3:GetObject', `arn:aws:s3:::${String(staged.S3Bucket)}/${String(staged.S3Key)}`)]),
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
