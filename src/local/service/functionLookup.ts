import { randomUUID } from 'node:crypto';
import { type ApiRequest, conflict, notFound, parameter, ServiceFailure } from '../http/wire.ts';
import { type FunctionCode, type FunctionRecord, stateOf, updateInProgress, type VersionRecord } from './model.ts';
import { functionArn, parseFunctionName, withQualifier } from './names.ts';
import type { Service } from './service.ts';
import type { FunctionSettings } from './settings.ts';

export interface Located {
  readonly target: FunctionRecord;
  readonly qualifier: string | undefined;
}

/** The function of a name or ARN. @throws ServiceFailure ResourceNotFoundException with its ARN */
export function lookUp(service: Service, nameOrArn: string, operation: string): FunctionRecord {
  const { functionName, qualifier } = parseFunctionName(nameOrArn, service.account, operation);
  return found(service, functionName, qualifier);
}

/** The function of the path, with the qualifier of the path or the query. */
export function locate(service: Service, request: ApiRequest, operation: string): Located {
  const name = parameter(request, 'FunctionName');
  const reference = withQualifier(parseFunctionName(name, service.account, operation), request.query.get('Qualifier'));
  const { functionName, qualifier } = reference;
  return { target: found(service, functionName, qualifier), qualifier };
}

function found(service: Service, functionName: string, qualifier: string | undefined): FunctionRecord {
  const target = service.functions.get(functionName);
  if (target === undefined)
    throw notFound(`Function not found: ${functionArn(service.account, functionName, qualifier)}`);
  return target;
}

/** The version that a qualifier names; an alias leads to its main version. @throws ServiceFailure */
export function qualifiedVersion(service: Service, { target, qualifier }: Located): VersionRecord {
  if (qualifier === undefined || qualifier === '$LATEST') return target.latest;
  const version = target.aliases.get(qualifier)?.functionVersion ?? qualifier;
  const found = version === '$LATEST' ? target.latest : target.versions.get(version);
  if (found === undefined)
    throw notFound(`Function not found: ${functionArn(service.account, target.functionName, qualifier)}`);
  return found;
}

export function newVersion(
  service: Service,
  version: string,
  settings: FunctionSettings,
  code: FunctionCode,
  how: 'created' | 'updated' | 'published',
): VersionRecord {
  const nowMs = service.clock.now();
  const { pendingMs, publishMs, updateMs } = service.conditions;
  return {
    poolId: randomUUID(),
    version,
    settings,
    code,
    revisionId: randomUUID(),
    lastModifiedMs: nowMs,
    activeAtMs: nowMs + { created: pendingMs, published: publishMs, updated: 0 }[how],
    updatedAtMs: nowMs + (how === 'updated' ? updateMs : 0),
  };
}

/** Writes wait for the ones before. @throws ServiceFailure ResourceConflictException (409) */
export function requireSettled(service: Service, target: FunctionRecord): void {
  const arn = functionArn(service.account, target.functionName);
  const nowMs = service.clock.now();
  if (stateOf(target.latest, nowMs) === 'Pending') {
    throw conflict(
      `The operation cannot be performed at this time. The function is currently in the following state: Pending: ${arn}`,
    );
  }
  if (updateInProgress(target.latest, nowMs)) {
    throw conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
  }
}

/** @throws ServiceFailure PreconditionFailedException when the caller's revision is not the current one */
export function requireRevision(target: FunctionRecord, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === target.latest.revisionId) return;
  throw new ServiceFailure(
    412,
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
  );
}
