import type { Route } from '../http/routes.ts';
import type { ApiRequest } from '../http/wire.ts';
import { functionArn, layerArn, logGroupArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';

/** The ARN that a call is about; `*` when it names none. */
export function resourceOf(service: Service, route: Route, request: ApiRequest): string {
  const { account } = service;
  if (route.service === 's3') {
    const { Bucket = '', Key } = route.parameters;
    return Bucket === '' ? '*' : `arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`;
  }
  if (route.service === 'logs') {
    const { logGroupName, logGroupIdentifier, logGroupNames, resourceArn } = bodyMembers(request);
    if (typeof resourceArn === 'string') return resourceArn;
    const name = logGroupName ?? logGroupIdentifier ?? (Array.isArray(logGroupNames) ? logGroupNames[0] : undefined);
    return typeof name === 'string' ? logGroupArn(account, name) : '*';
  }
  if (route.service === 'schemas') {
    const { RegistryName = '', SchemaName = '' } = route.parameters;
    return `arn:aws:schemas:${account.region}:${account.accountId}:schema/${RegistryName}/${SchemaName}`;
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

/** Members of a JSON body, of which nothing is known yet; none when it is not an object. */
export function bodyMembers({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return {};
  }
}

export function objectOf(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null ? { ...content } : {};
}
