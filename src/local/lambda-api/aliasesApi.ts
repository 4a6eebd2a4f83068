import { randomUUID } from 'node:crypto';
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
  ServiceFailure,
  type WireAnswer,
} from '../http/wire.ts';
import { lookUp } from '../service/functionLookup.ts';
import type { AliasRecord, FunctionRecord } from '../service/model.ts';
import { functionArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { pageOf } from './functionReads.ts';

const aliasMembers = {
  FunctionVersion: z
    .string()
    .regex(/^(\$LATEST|\d+)$/, 'Member must satisfy regular expression pattern: (\\$LATEST|[0-9]+)'),
  Description: z.string().max(256).optional(),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: z.record(z.string(), z.number().min(0).max(1)).optional() })
    .nullish(),
};
const createAliasBody = z.object({
  ...aliasMembers,
  Name: z
    .string()
    .max(128)
    .regex(/^(?!\d+$)[a-zA-Z0-9-_]+$/, 'Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)'),
});
const updateAliasBody = z.object({
  ...aliasMembers,
  FunctionVersion: aliasMembers.FunctionVersion.optional(),
  RevisionId: z.string().optional(),
});

export function createAlias(service: Service, request: ApiRequest): WireAnswer {
  const body = parseJsonBody(createAliasBody, request.body);
  const target = lookUp(service, parameter(request, 'FunctionName'), 'CreateAlias');
  if (target.aliases.has(body.Name)) {
    throw conflict(`Alias already exists: ${functionArn(service.account, target.functionName, body.Name)}`);
  }
  const alias: AliasRecord = {
    name: body.Name,
    functionVersion: body.FunctionVersion,
    description: body.Description ?? '',
    weights: body.RoutingConfig?.AdditionalVersionWeights ?? {},
    revisionId: randomUUID(),
  };
  return save(service, target, alias, 201);
}

export function updateAlias(service: Service, request: ApiRequest): WireAnswer {
  const body = parseJsonBody(updateAliasBody, request.body);
  const { target, alias } = find(service, request, 'UpdateAlias');
  if (body.RevisionId !== undefined && body.RevisionId !== alias.revisionId) {
    throw new ServiceFailure(
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    );
  }
  const changed: AliasRecord = {
    name: alias.name,
    functionVersion: body.FunctionVersion ?? alias.functionVersion,
    description: body.Description ?? alias.description,
    weights: body.RoutingConfig === undefined ? alias.weights : (body.RoutingConfig?.AdditionalVersionWeights ?? {}),
    revisionId: randomUUID(),
  };
  return save(service, target, changed, 200);
}

export function getAlias(service: Service, request: ApiRequest): WireAnswer {
  const { target, alias } = find(service, request, 'GetAlias');
  return jsonAnswer(200, aliasView(service, target, alias));
}

export function listAliases(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'ListAliases');
  const version = request.query.get('FunctionVersion');
  const aliases = [...target.aliases.values()].filter((alias) => version === null || alias.functionVersion === version);
  const { page, next } = pageOf(
    aliases.map((alias) => aliasView(service, target, alias)),
    request,
    50,
  );
  return jsonAnswer(200, { Aliases: page, ...next });
}

export function deleteAlias(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'DeleteAlias');
  // Deleting what is not there succeeds: ResourceNotFoundException is not among this operation's errors [model].
  const name = parameter(request, 'Name');
  target.aliases.delete(name);
  void target.urls.get(name)?.close();
  target.urls.delete(name);
  return emptyAnswer(204);
}

export function aliasView(service: Service, target: FunctionRecord, alias: AliasRecord): Record<string, unknown> {
  return {
    AliasArn: functionArn(service.account, target.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RoutingConfig: Object.keys(alias.weights).length === 0 ? undefined : { AdditionalVersionWeights: alias.weights },
    RevisionId: alias.revisionId,
  };
}

function find(
  service: Service,
  request: ApiRequest,
  operation: string,
): { readonly target: FunctionRecord; readonly alias: AliasRecord } {
  const target = lookUp(service, parameter(request, 'FunctionName'), operation);
  const name = parameter(request, 'Name');
  const alias = target.aliases.get(name);
  if (alias === undefined)
    throw notFound(`Cannot find alias arn: ${functionArn(service.account, target.functionName, name)}`);
  return { target, alias };
}

function save(service: Service, target: FunctionRecord, alias: AliasRecord, status: number): WireAnswer {
  const others = Object.keys(alias.weights);
  // Wording of both: [memory].
  if (others.length > 1) throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (others.includes(alias.functionVersion)) {
    const version = alias.functionVersion;
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  const versions = [alias.functionVersion, ...others];
  if (versions.length > 1 && versions.includes('$LATEST')) {
    throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  for (const version of versions) {
    if (version === '$LATEST' || target.versions.has(version)) continue;
    throw notFound(`Function not found: ${functionArn(service.account, target.functionName, version)}`);
  }
  target.aliases.set(alias.name, alias);
  return jsonAnswer(status, aliasView(service, target, alias));
}
