import type { IncomingHttpHeaders } from 'node:http';
import { maxCodeRequestBytes, maxControlRequestBytes, maxObjectBytes, maxSyncPayloadBytes } from './limits.ts';

/** Which operation a request is, by method, path, query and headers alone: known before its body is read. */
export type Route = { readonly parameters: Readonly<Record<string, string>>; readonly maxBodyBytes: number } & (
  | { readonly service: 'lambda'; readonly operation: LambdaOperation }
  | { readonly service: 'logs'; readonly operation: LogsOperation }
  | { readonly service: 's3'; readonly operation: ObjectsOperation }
  | { readonly service: 'schemas'; readonly operation: SchemasOperation }
  | { readonly service: 'sts'; readonly operation: 'GetCallerIdentity' }
  | { readonly service: 'code'; readonly operation: 'DownloadCode' }
);

export type ServiceName = Route['service'];

/** `unknown`: of that service, but nothing this endpoint has. */
export type Routed = Route | { readonly service: ServiceName; readonly operation: 'unknown' };

/** Paths as in the API model. */
const lambdaRoutes = [
  ['POST', '/2015-03-31/functions', 'CreateFunction'],
  ['GET', '/2015-03-31/functions', 'ListFunctions'],
  ['GET', '/2015-03-31/functions/{FunctionName}', 'GetFunction'],
  ['DELETE', '/2015-03-31/functions/{FunctionName}', 'DeleteFunction'],
  ['GET', '/2015-03-31/functions/{FunctionName}/configuration', 'GetFunctionConfiguration'],
  ['PUT', '/2015-03-31/functions/{FunctionName}/configuration', 'UpdateFunctionConfiguration'],
  ['PUT', '/2015-03-31/functions/{FunctionName}/code', 'UpdateFunctionCode'],
  ['POST', '/2015-03-31/functions/{FunctionName}/invocations', 'Invoke'],
  ['POST', '/2015-03-31/functions/{FunctionName}/versions', 'PublishVersion'],
  ['GET', '/2015-03-31/functions/{FunctionName}/versions', 'ListVersionsByFunction'],
  ['POST', '/2015-03-31/functions/{FunctionName}/aliases', 'CreateAlias'],
  ['GET', '/2015-03-31/functions/{FunctionName}/aliases', 'ListAliases'],
  ['GET', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 'GetAlias'],
  ['PUT', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 'UpdateAlias'],
  ['DELETE', '/2015-03-31/functions/{FunctionName}/aliases/{Name}', 'DeleteAlias'],
  ['POST', '/2015-03-31/functions/{FunctionName}/policy', 'AddPermission'],
  ['GET', '/2015-03-31/functions/{FunctionName}/policy', 'GetPolicy'],
  ['DELETE', '/2015-03-31/functions/{FunctionName}/policy/{StatementId}', 'RemovePermission'],
  ['GET', '/2016-08-19/account-settings', 'GetAccountSettings'],
  ['GET', '/2017-03-31/tags/{Resource}', 'ListTags'],
  ['POST', '/2017-03-31/tags/{Resource}', 'TagResource'],
  ['DELETE', '/2017-03-31/tags/{Resource}', 'UntagResource'],
  ['PUT', '/2017-10-31/functions/{FunctionName}/concurrency', 'PutFunctionConcurrency'],
  ['DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', 'DeleteFunctionConcurrency'],
  ['GET', '/2019-09-30/functions/{FunctionName}/concurrency', 'GetFunctionConcurrency'],
  ['GET', '/2019-09-30/functions/{FunctionName}/provisioned-concurrency', 'ListProvisionedConcurrencyConfigs'],
  ['GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'GetFunctionEventInvokeConfig'],
  ['GET', '/2020-06-30/functions/{FunctionName}/code-signing-config', 'GetFunctionCodeSigningConfig'],
  ['GET', '/2021-07-20/functions/{FunctionName}/runtime-management-config', 'GetRuntimeManagementConfig'],
  ['GET', '/2024-08-31/functions/{FunctionName}/recursion-config', 'GetFunctionRecursionConfig'],
  ['GET', '/2018-10-31/layers', 'GetLayerVersionByArn'],
  ['POST', '/2018-10-31/layers/{LayerName}/versions', 'PublishLayerVersion'],
  ['GET', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 'GetLayerVersion'],
  ['DELETE', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 'DeleteLayerVersion'],
] as const;

export type LambdaOperation = (typeof lambdaRoutes)[number][2];

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
] as const;

export type LogsOperation = (typeof logsOperations)[number];

const schemasOperations = { POST: 'CreateSchema', PUT: 'UpdateSchema', GET: 'DescribeSchema' } as const;

export type SchemasOperation = (typeof schemasOperations)[keyof typeof schemasOperations];

export type ObjectsOperation =
  | 'CreateBucket'
  | 'HeadBucket'
  | 'DeleteBucket'
  | 'ListBuckets'
  | 'PutBucketVersioning'
  | 'GetBucketVersioning'
  | 'GetBucketLocation'
  | 'ListObjectVersions'
  | 'ListObjectsV2'
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'NotImplemented';

const compiled = lambdaRoutes.map(([method, template, operation]) => ({
  method,
  operation,
  names: [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
  pattern: new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}/?$`),
}));

export function routeOf(method: string, path: string, query: URLSearchParams, headers: IncomingHttpHeaders): Routed {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return logsRoute(target);
  if (path === '/' && method === 'POST') {
    return { service: 'sts', operation: 'GetCallerIdentity', parameters: {}, maxBodyBytes: 4096 };
  }
  if (path.startsWith('/v1/registries/')) return schemasRoute(method, path);
  if (path.startsWith('/awslambda-tasks/')) {
    return { service: 'code', operation: 'DownloadCode', parameters: {}, maxBodyBytes: 0 };
  }
  // A signed request says which service it is meant for: `Credential=…/20261123/us-east-1/lambda/aws4_request`.
  const signedFor = /Credential=[^,\s]*\/(\w+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
  if (signedFor === 's3' || (signedFor === undefined && !/^\/20\d\d-\d\d-\d\d\//.test(path))) {
    return objectsRoute(method, path, query);
  }
  return lambdaRoute(method, path);
}

function lambdaRoute(method: string, path: string): Routed {
  for (const route of compiled) {
    if (route.method !== method) continue;
    const values = route.pattern.exec(path)?.slice(1);
    const parameters = values === undefined ? undefined : decoded(route.names, values);
    if (parameters === undefined) continue;
    return {
      service: 'lambda',
      operation: route.operation,
      parameters,
      maxBodyBytes: lambdaBodyBytes[route.operation] ?? maxControlRequestBytes,
    };
  }
  return { service: 'lambda', operation: 'unknown' };
}

const lambdaBodyBytes: Partial<Record<LambdaOperation, number>> = {
  CreateFunction: maxCodeRequestBytes,
  UpdateFunctionCode: maxCodeRequestBytes,
  PublishLayerVersion: maxCodeRequestBytes,
  Invoke: maxSyncPayloadBytes,
};

function logsRoute(target: string): Routed {
  const operation = logsOperations.find((each) => target === `Logs_20140328.${each}`);
  if (operation === undefined) return { service: 'logs', operation: 'unknown' };
  return { service: 'logs', operation, parameters: {}, maxBodyBytes: maxControlRequestBytes };
}

function schemasRoute(method: string, path: string): Routed {
  const values = /^\/v1\/registries\/name\/([^/]+)\/schemas\/name\/([^/]+)\/?$/.exec(path)?.slice(1);
  const parameters = values === undefined ? undefined : decoded(['RegistryName', 'SchemaName'], values);
  const operation = Object.entries(schemasOperations).find(([name]) => name === method)?.[1];
  if (parameters === undefined || operation === undefined) return { service: 'schemas', operation: 'unknown' };
  // Escaped as JSON text, a document takes more than its own length.
  return { service: 'schemas', operation, parameters, maxBodyBytes: 2 * maxSyncPayloadBytes };
}

/** Path-style: `/bucket/key`. */
function objectsRoute(method: string, path: string, query: URLSearchParams): Routed {
  const [, bucket = '', key] = /^\/([^/]*)(?:\/(.*))?$/s.exec(path) ?? [];
  const route = (operation: ObjectsOperation, maxBodyBytes = 65_536): Routed => {
    const parameters = decoded(['Bucket', 'Key'], key === undefined || key === '' ? [bucket] : [bucket, key]);
    return parameters === undefined
      ? { service: 's3', operation: 'unknown' }
      : { service: 's3', operation, parameters, maxBodyBytes };
  };
  if (bucket === '') return method === 'GET' ? route('ListBuckets') : { service: 's3', operation: 'unknown' };
  if (key !== undefined && key !== '') {
    if (query.has('uploadId') || query.has('uploads') || query.has('tagging') || query.has('acl'))
      return route('NotImplemented');
    // The wrapping of signed chunks comes on top of the content.
    if (method === 'PUT') return route('PutObject', maxObjectBytes + 1_048_576);
    return objectReads[method] === undefined ? { service: 's3', operation: 'unknown' } : route(objectReads[method]);
  }
  if (method === 'PUT')
    return route(
      query.has('versioning')
        ? 'PutBucketVersioning'
        : query.size === 0 || query.has('x-id')
          ? 'CreateBucket'
          : 'NotImplemented',
    );
  if (method === 'HEAD') return route('HeadBucket');
  if (method === 'DELETE') return route('DeleteBucket');
  if (method !== 'GET') return route('NotImplemented');
  if (query.has('versioning')) return route('GetBucketVersioning');
  if (query.has('versions')) return route('ListObjectVersions');
  if (query.has('location')) return route('GetBucketLocation');
  return route('ListObjectsV2');
}

const objectReads: Readonly<Record<string, ObjectsOperation>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

function decoded(names: readonly string[], values: readonly string[]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(values.map((text, index) => [names[index] ?? '', decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}
