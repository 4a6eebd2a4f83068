import type { IncomingHttpHeaders } from 'node:http';
import { decoded, findLambdaRoute, type LambdaOperation } from './lambdaRoutes.ts';
import { maxControlRequestBytes, maxSyncPayloadBytes } from './limits.ts';
import { findObjectsRoute, type ObjectsOperation } from './objectRoutes.ts';

/** Which operation a request is, by method, path, query and headers alone: known before its body is read. */
export type Route = { readonly parameters: Readonly<Record<string, string>>; readonly maxBodyBytes: number } & (
  | { readonly service: 'lambda'; readonly operation: LambdaOperation }
  | { readonly service: 'logs'; readonly operation: LogsOperation }
  /** JSON as the JavaScript SDK speaks it, CBOR as boto3 and the AWS CLI do. */
  | { readonly service: 'cloudwatch' | 'cloudwatchCbor'; readonly operation: MetricsOperation }
  | { readonly service: 's3'; readonly operation: ObjectsOperation }
  | { readonly service: 'schemas'; readonly operation: SchemasOperation }
  | { readonly service: 'tagging'; readonly operation: TaggingOperation }
  | { readonly service: 'sts'; readonly operation: 'GetCallerIdentity' }
  | { readonly service: 'code'; readonly operation: 'DownloadCode' }
);

export type ServiceName = Route['service'];

/** `unknown`: of that service, but nothing this endpoint has. */
export type Routed = Route | { readonly service: ServiceName; readonly operation: 'unknown'; readonly name: string };

const logsOperations = [
  'CreateLogGroup',
  'DeleteLogGroup',
  'PutRetentionPolicy',
  'DeleteRetentionPolicy',
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
  'DescribeLogGroups',
  'DescribeLogStreams',
  'FilterLogEvents',
  'GetLogEvents',
  'StartQuery',
  'GetQueryResults',
  'StopQuery',
  'DescribeQueries',
] as const;

export type LogsOperation = (typeof logsOperations)[number];

const schemasOperations = { POST: 'CreateSchema', PUT: 'UpdateSchema', GET: 'DescribeSchema' } as const;

export type SchemasOperation = (typeof schemasOperations)[keyof typeof schemasOperations];

const metricsOperations = ['GetMetricData'] as const;

export type MetricsOperation = (typeof metricsOperations)[number];

const taggingOperations = ['GetResources'] as const;

export type TaggingOperation = (typeof taggingOperations)[number];

const metricsTarget = 'GraniteServiceVersion20100801';

export function routeOf(method: string, path: string, query: URLSearchParams, headers: IncomingHttpHeaders): Routed {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return targetRoute(target);
  const cbor = /^\/service\/(\w+)\/operation\/(\w+)$/.exec(path);
  if (cbor !== null) return named('cloudwatchCbor', metricsOperations, cbor[2] ?? '', cbor[1] === metricsTarget);
  if (path === '/' && method === 'POST') {
    return { service: 'sts', operation: 'GetCallerIdentity', parameters: {}, maxBodyBytes: maxControlRequestBytes };
  }
  if (path.startsWith('/v1/registries/')) return schemasRoute(method, path);
  if (path.startsWith('/awslambda-tasks/')) {
    return { service: 'code', operation: 'DownloadCode', parameters: {}, maxBodyBytes: 0 };
  }
  // A signed request says which service it is meant for: `Credential=…/20261123/us-east-1/lambda/aws4_request`.
  const signedFor = /Credential=[^,\s]*\/(\w+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  if (signedFor === 's3' || (signedFor === undefined && !/^\/20\d\d-\d\d-\d\d\//.test(path))) {
    return { service: 's3', ...findObjectsRoute(method, path, query, headers) };
  }
  return { service: 'lambda', ...findLambdaRoute(method, path, query) };
}

/** `Logs_20140328.FilterLogEvents` */
function targetRoute(target: string): Routed {
  const [, prefix, name = target] = /^(\w+)\.(\w+)$/.exec(target) ?? [];
  if (prefix === metricsTarget) return named('cloudwatch', metricsOperations, name);
  if (prefix === 'ResourceGroupsTaggingAPI_20170126') return named('tagging', taggingOperations, name);
  return named('logs', logsOperations, name, prefix === 'Logs_20140328');
}

function named<Service extends ServiceName, Operation extends string>(
  service: Service,
  operations: readonly Operation[],
  name: string,
  isOfService = true,
) {
  const operation = isOfService ? operations.find((each) => each === name) : undefined;
  if (operation === undefined) return { service, operation: 'unknown', name } as const;
  return { service, operation, parameters: {}, maxBodyBytes: maxControlRequestBytes };
}

function schemasRoute(method: string, path: string): Routed {
  const values = /^\/v1\/registries\/name\/([^/]+)\/schemas\/name\/([^/]+)\/?$/.exec(path)?.slice(1);
  const parameters = values === undefined ? undefined : decoded(['RegistryName', 'SchemaName'], values);
  const operation = Object.entries(schemasOperations).find(([name]) => name === method)?.[1];
  if (parameters === undefined || operation === undefined)
    return { service: 'schemas', operation: 'unknown', name: `${method} ${path}` };
  // Escaped as JSON text, a document takes more than its own length.
  return { service: 'schemas', operation, parameters, maxBodyBytes: 2 * maxSyncPayloadBytes };
}
