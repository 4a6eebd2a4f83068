import { z } from 'zod';
import {
  type ApiRequest,
  invalidParameter,
  jsonAnswer,
  parameter,
  parseJsonBody,
  type WireAnswer,
} from '../http/wire.ts';
import { type Located, locate, lookUp, qualifiedVersion } from '../service/functionLookup.ts';
import { functionArn } from '../service/names.ts';
import { runtimeVersionArn } from '../service/runtimeVersion.ts';
import type { Service } from '../service/service.ts';

/** Configurations of their own that are kept and given back, and that nothing here acts on: signing, runtime, recursion. */

/** Without a signing configuration there is no ARN [memory], although the model calls both members required. */
export function getFunctionCodeSigningConfig(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'GetFunctionCodeSigningConfig');
  const arn = target.codeSigningConfigArn;
  return jsonAnswer(200, { CodeSigningConfigArn: arn, FunctionName: target.functionName });
}

export function getRuntimeManagementConfig(service: Service, request: ApiRequest): WireAnswer {
  return runtimeManagementAnswer(service, locate(service, request, 'GetRuntimeManagementConfig'));
}

const runtimeManagementBody = z.object({
  UpdateRuntimeOn: z.enum(
    ['Auto', 'FunctionUpdate', 'Manual'],
    'Member must satisfy enum value set: [Auto, FunctionUpdate, Manual]',
  ),
  RuntimeVersionArn: z.string().min(26).max(2048).optional(),
});

/** Kept and given back; the runtime is this machine's, whatever it says. */
export function putRuntimeManagementConfig(service: Service, request: ApiRequest): WireAnswer {
  const { UpdateRuntimeOn, RuntimeVersionArn } = parseJsonBody(runtimeManagementBody, request.body);
  const located = locate(service, request, 'PutRuntimeManagementConfig');
  if ((UpdateRuntimeOn === 'Manual') !== (RuntimeVersionArn !== undefined)) {
    throw invalidParameter('RuntimeVersionArn is given with the update mode Manual, and with no other one.');
  }
  qualifiedVersion(service, located);
  located.target.runtimeManagement.set(located.qualifier ?? '$LATEST', {
    updateOn: UpdateRuntimeOn,
    runtimeVersionArn: RuntimeVersionArn,
  });
  return runtimeManagementAnswer(service, located);
}

function runtimeManagementAnswer(service: Service, { target, qualifier }: Located): WireAnswer {
  const kept = target.runtimeManagement.get(qualifier ?? '$LATEST');
  return jsonAnswer(200, {
    UpdateRuntimeOn: kept?.updateOn ?? 'Auto',
    RuntimeVersionArn: kept?.runtimeVersionArn ?? runtimeVersionArn(service.account.region),
    FunctionArn: functionArn(service.account, target.functionName, qualifier),
  });
}

/** Loops are not imitated: as in AWS, they would be stopped. */
export function getFunctionRecursionConfig(service: Service, request: ApiRequest): WireAnswer {
  return jsonAnswer(200, {
    RecursiveLoop: locate(service, request, 'GetFunctionRecursionConfig').target.recursiveLoop,
  });
}

const recursionBody = z.object({
  RecursiveLoop: z.enum(['Allow', 'Terminate'], 'Member must satisfy enum value set: [Allow, Terminate]'),
});

export function putFunctionRecursionConfig(service: Service, request: ApiRequest): WireAnswer {
  const { RecursiveLoop } = parseJsonBody(recursionBody, request.body);
  locate(service, request, 'PutFunctionRecursionConfig').target.recursiveLoop = RecursiveLoop;
  return jsonAnswer(200, { RecursiveLoop });
}
