import { z } from 'zod';
import {
  type ApiRequest,
  conflict,
  emptyAnswer,
  invalidParameter,
  jsonAnswer,
  notFound,
  parameter,
  parseJsonBody,
  type WireAnswer,
} from '../http/wire.ts';
import { pageOf } from '../lambda-api/functionReads.ts';
import { type Located, locate, lookUp } from '../service/functionLookup.ts';
import type { FunctionUrl } from '../service/model.ts';
import { functionArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { openFunctionUrl } from './urlServer.ts';

/** The configurations of function URLs; each URL is on loopback, on a port of its own. */

const names = (max: number) => z.array(z.string()).max(max);
const members = {
  AuthType: z.enum(['NONE', 'AWS_IAM'], 'Member must satisfy enum value set: [AWS_IAM, NONE]'),
  InvokeMode: z.enum(
    ['BUFFERED', 'RESPONSE_STREAM'],
    'Member must satisfy enum value set: [RESPONSE_STREAM, BUFFERED]',
  ),
  Cors: z.object({
    AllowCredentials: z.boolean().optional(),
    AllowHeaders: names(100).optional(),
    AllowMethods: names(6).optional(),
    AllowOrigins: names(100).optional(),
    ExposeHeaders: names(100).optional(),
    MaxAge: z.int().min(0).max(86_400).optional(),
  }),
};
const createBody = z.object({
  AuthType: members.AuthType,
  InvokeMode: members.InvokeMode.default('BUFFERED'),
  Cors: members.Cors.optional(),
});
const updateBody = z.object({
  AuthType: members.AuthType.optional(),
  InvokeMode: members.InvokeMode.optional(),
  Cors: members.Cors.optional(),
});

export async function createFunctionUrlConfig(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const { AuthType, InvokeMode, Cors } = parseJsonBody(createBody, request.body);
  const { target, qualifier } = locateUrl(service, request, 'CreateFunctionUrlConfig');
  const arn = functionArn(service.account, target.functionName, qualifier);
  const refuseIfExists = (): void => {
    if (!target.urls.has(keyOf(qualifier))) return;
    const why = 'FunctionUrlConfig exists for this Lambda function';
    throw conflict(`Failed to create function url config for [functionArn = ${arn}]. Error message:  ${why}`);
  };
  refuseIfExists();
  const settings = { authType: AuthType, invokeMode: InvokeMode, cors: Cors, modifiedMs: service.clock.now() };
  const made = await openFunctionUrl(service, { functionName: target.functionName, qualifier }, settings);
  try {
    // Another call may have been faster, or the endpoint closed.
    refuseIfExists();
    if (service.pools.isClosed()) throw new Error('The endpoint is closing');
  } catch (error) {
    await made.close();
    throw error;
  }
  target.urls.set(keyOf(qualifier), made);
  const { LastModifiedTime: _, ...view } = urlView(arn, made);
  return jsonAnswer(201, view);
}

export function getFunctionUrlConfig(service: Service, request: ApiRequest): WireAnswer {
  const { arn, url } = existing(service, request, 'GetFunctionUrlConfig');
  return jsonAnswer(200, urlView(arn, url));
}

export function updateFunctionUrlConfig(service: Service, request: ApiRequest): WireAnswer {
  const { AuthType, InvokeMode, Cors } = parseJsonBody(updateBody, request.body);
  const { arn, url } = existing(service, request, 'UpdateFunctionUrlConfig');
  url.settings = {
    authType: AuthType ?? url.settings.authType,
    invokeMode: InvokeMode ?? url.settings.invokeMode,
    cors: Cors ?? url.settings.cors,
    modifiedMs: service.clock.now(),
  };
  return jsonAnswer(200, urlView(arn, url));
}

export async function deleteFunctionUrlConfig(service: Service, request: ApiRequest): Promise<WireAnswer> {
  const { target, qualifier, url } = existing(service, request, 'DeleteFunctionUrlConfig');
  target.urls.delete(keyOf(qualifier));
  await url.close();
  return emptyAnswer(204);
}

export function listFunctionUrlConfigs(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'ListFunctionUrlConfigs');
  const views = [...target.urls].map(([key, url]) => {
    const qualifier = key === '$LATEST' ? undefined : key;
    return urlView(functionArn(service.account, target.functionName, qualifier), url);
  });
  const { page, next } = pageOf(views, request, 50);
  return jsonAnswer(200, { FunctionUrlConfigs: page, ...next });
}

function keyOf(qualifier: string | undefined): string {
  return qualifier ?? '$LATEST';
}

/** Of `$LATEST` or an alias: versions have none. @throws ServiceFailure */
function locateUrl(service: Service, request: ApiRequest, operation: string): Located {
  const { target, qualifier: given } = locate(service, request, operation);
  const qualifier = given === '$LATEST' ? undefined : given;
  if (qualifier !== undefined && /^\d+$/.test(qualifier)) {
    throw invalidParameter('Function URLs can be added to $LATEST and to aliases, not to versions.');
  }
  if (qualifier !== undefined && !target.aliases.has(qualifier)) {
    throw notFound(`Function not found: ${functionArn(service.account, target.functionName, qualifier)}`);
  }
  return { target, qualifier };
}

function existing(
  service: Service,
  request: ApiRequest,
  operation: string,
): Located & { readonly arn: string; readonly url: FunctionUrl } {
  const { target, qualifier } = locateUrl(service, request, operation);
  const url = target.urls.get(keyOf(qualifier));
  if (url === undefined) throw notFound('The resource you requested does not exist.');
  return { target, qualifier, url, arn: functionArn(service.account, target.functionName, qualifier) };
}

function urlView(arn: string, { url, createdMs, settings }: FunctionUrl) {
  return {
    FunctionUrl: url,
    FunctionArn: arn,
    AuthType: settings.authType,
    Cors: settings.cors,
    CreationTime: new Date(createdMs).toISOString(),
    LastModifiedTime: new Date(settings.modifiedMs).toISOString(),
    InvokeMode: settings.invokeMode,
  };
}
