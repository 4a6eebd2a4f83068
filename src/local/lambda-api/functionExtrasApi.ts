import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { maxUnzippedBytes } from '../../archive/zipEntries.ts';
import { present } from '../../base/present.ts';
import { maxDirectZipBytes } from '../http/limits.ts';
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
import { locate, lookUp, qualifiedVersion } from '../service/functionLookup.ts';
import type { FunctionRecord, ProvisionedRecord } from '../service/model.ts';
import { functionArn, parseFunctionName } from '../service/names.ts';
import { type Service, unreservedConcurrency, usedCodeBytes } from '../service/service.ts';

/** What belongs to a function besides code and configuration: tags, policy, concurrency; and the account. */

const tagsBody = z.object({ Tags: z.record(z.string().min(1).max(128), z.string().max(256)) });

export function tagResource(service: Service, request: ApiRequest): WireAnswer {
  const { Tags } = parseJsonBody(tagsBody, request.body);
  const target = tagged(service, request, 'TagResource');
  const tags = { ...target.tags, ...Tags };
  if (Object.keys(tags).length > 50) throw invalidParameter('The number of tags exceeds the limit of 50.');
  if (Object.keys(Tags).some((key) => key.toLowerCase().startsWith('aws:'))) {
    throw invalidParameter('Tag keys that start with aws: are reserved.');
  }
  target.tags = tags;
  return emptyAnswer(204);
}

export function untagResource(service: Service, request: ApiRequest): WireAnswer {
  const target = tagged(service, request, 'UntagResource');
  const gone = new Set(request.query.getAll('tagKeys'));
  target.tags = Object.fromEntries(Object.entries(target.tags).filter(([key]) => !gone.has(key)));
  return emptyAnswer(204);
}

export function listTags(service: Service, request: ApiRequest): WireAnswer {
  return jsonAnswer(200, { Tags: tagged(service, request, 'ListTags').tags });
}

/** Versions and aliases have none of their own. @throws ServiceFailure */
function tagged(service: Service, request: ApiRequest, operation: string): FunctionRecord {
  const resource = parameter(request, 'Resource');
  if (parseFunctionName(resource, service.account, operation).qualifier !== undefined) {
    throw invalidParameter(
      'Tags on function aliases and versions are not supported. Please specify either a function ARN, code signing config ARN or event source mapping ARN.',
    );
  }
  return lookUp(service, resource, operation);
}

const permissionBody = z.object({
  StatementId: z
    .string()
    .regex(/^[a-zA-Z0-9-_]{1,100}$/, 'Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)'),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  FunctionUrlAuthType: z.enum(['NONE', 'AWS_IAM'], 'Member must satisfy enum value set: [AWS_IAM, NONE]').optional(),
  PrincipalOrgID: z.string().optional(),
});

export function addPermission(service: Service, request: ApiRequest): WireAnswer {
  const body = parseJsonBody(permissionBody, request.body);
  const { target, qualifier } = locate(service, request, 'AddPermission');
  if (target.policy.has(body.StatementId)) {
    throw conflict(
      `The statement id (${body.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const equals = present({
    'AWS:SourceAccount': body.SourceAccount,
    'aws:PrincipalOrgID': body.PrincipalOrgID,
    'lambda:FunctionUrlAuthType': body.FunctionUrlAuthType,
  });
  const condition = {
    ArnLike: body.SourceArn === undefined ? undefined : { 'AWS:SourceArn': body.SourceArn },
    StringEquals: Object.keys(equals).length === 0 ? undefined : equals,
  };
  const document = {
    Sid: body.StatementId,
    Effect: 'Allow',
    Principal: principalOf(body.Principal),
    Action: body.Action,
    Resource: functionArn(service.account, target.functionName, qualifier),
    Condition: Object.values(condition).every((one) => one === undefined) ? undefined : condition,
  };
  target.policy.set(body.StatementId, { statementId: body.StatementId, document });
  target.policyRevisionId = randomUUID();
  return jsonAnswer(201, { Statement: JSON.stringify(document) });
}

/** As resource-based policies show them (AWS docs, urls-auth and access-control-resource-based). */
function principalOf(given: string): string | Readonly<Record<string, string>> {
  if (given === '*') return given;
  if (given.endsWith('.amazonaws.com')) return { Service: given };
  return { AWS: /^\d{12}$/.test(given) ? `arn:aws:iam::${given}:root` : given };
}

export function getPolicy(service: Service, request: ApiRequest): WireAnswer {
  const { target, qualifier } = locate(service, request, 'GetPolicy');
  const resource = functionArn(service.account, target.functionName, qualifier);
  const statements = [...target.policy.values()].map(({ document }) => document);
  const own = statements.filter((document) => document.Resource === resource);
  if (own.length === 0) throw notFound('The resource you requested does not exist.');
  const policy = JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: own });
  return jsonAnswer(200, { Policy: policy, RevisionId: target.policyRevisionId });
}

export function removePermission(service: Service, request: ApiRequest): WireAnswer {
  const { target } = locate(service, request, 'RemovePermission');
  if (!target.policy.delete(parameter(request, 'StatementId'))) {
    throw notFound('No policy is associated with the given resource.');
  }
  target.policyRevisionId = randomUUID();
  return emptyAnswer(204);
}

const concurrencyBody = z.object({ ReservedConcurrentExecutions: z.int().min(0) });

export function putFunctionConcurrency(service: Service, request: ApiRequest): WireAnswer {
  const { ReservedConcurrentExecutions: wanted } = parseJsonBody(concurrencyBody, request.body);
  const target = lookUp(service, parameter(request, 'FunctionName'), 'PutFunctionConcurrency');
  const unreserved = unreservedConcurrency(service) + (target.reservedConcurrency ?? 0) - wanted;
  // 100 always stay for the functions without a reservation. A kill switch (0) takes nothing away.
  if (wanted > 0 && unreserved < 100) {
    throw invalidParameter(
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    );
  }
  target.reservedConcurrency = wanted;
  return jsonAnswer(200, { ReservedConcurrentExecutions: wanted });
}

export function getFunctionConcurrency(service: Service, request: ApiRequest): WireAnswer {
  const { reservedConcurrency } = lookUp(service, parameter(request, 'FunctionName'), 'GetFunctionConcurrency');
  return jsonAnswer(
    200,
    reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency },
  );
}

export function deleteFunctionConcurrency(service: Service, request: ApiRequest): WireAnswer {
  delete lookUp(service, parameter(request, 'FunctionName'), 'DeleteFunctionConcurrency').reservedConcurrency;
  return emptyAnswer(204);
}

/** Nothing is ever provisioned here, but for what a test tells of the past. */
export function getProvisionedConcurrencyConfig(service: Service, request: ApiRequest): WireAnswer {
  const { target, qualifier } = locate(service, request, 'GetProvisionedConcurrencyConfig');
  if (qualifier === undefined || qualifier === '$LATEST') {
    throw invalidParameter('Provisioned Concurrency Configs must be for an alias or a version.');
  }
  qualifiedVersion(service, { target, qualifier });
  const kept = target.provisioned?.find((one) => one.qualifier === qualifier);
  if (kept !== undefined) return jsonAnswer(200, provisionedConfig(kept));
  const message = 'No Provisioned Concurrency Config found for this function';
  throw new ServiceFailure(404, 'ProvisionedConcurrencyConfigNotFoundException', message);
}

export function listProvisionedConcurrencyConfigs(service: Service, request: ApiRequest): WireAnswer {
  const { functionName, provisioned = [] } = lookUp(
    service,
    parameter(request, 'FunctionName'),
    'ListProvisionedConcurrencyConfigs',
  );
  return jsonAnswer(200, {
    ProvisionedConcurrencyConfigs: provisioned.map((kept) => ({
      FunctionArn: functionArn(service.account, functionName, kept.qualifier),
      ...provisionedConfig(kept),
    })),
  });
}

function provisionedConfig({ environments, modifiedMs }: ProvisionedRecord) {
  return {
    RequestedProvisionedConcurrentExecutions: environments,
    AvailableProvisionedConcurrentExecutions: environments,
    AllocatedProvisionedConcurrentExecutions: environments,
    Status: 'READY',
    LastModified: new Date(modifiedMs).toISOString().replace('Z', '+0000'),
  };
}

export function getAccountSettings(service: Service): WireAnswer {
  return jsonAnswer(200, {
    AccountLimit: {
      TotalCodeSize: service.conditions.codeStorageBytes,
      CodeSizeUnzipped: maxUnzippedBytes,
      CodeSizeZipped: maxDirectZipBytes,
      ConcurrentExecutions: service.concurrentExecutions,
      UnreservedConcurrentExecutions: unreservedConcurrency(service),
    },
    AccountUsage: { TotalCodeSize: usedCodeBytes(service), FunctionCount: service.functions.size },
  });
}
