import { z } from 'zod';
import {
  type ApiRequest,
  emptyAnswer,
  jsonAnswer,
  notFound,
  parameter,
  parseJsonBody,
  type WireAnswer,
} from '../http/wire.ts';
import { type Located, locate, lookUp, qualifiedVersion } from '../service/functionLookup.ts';
import type { EventInvokeConfig } from '../service/model.ts';
import { functionArn } from '../service/names.ts';
import type { Service } from '../service/service.ts';
import { pageOf } from './functionReads.ts';

/** How asynchronous invocations are to be treated: kept and given back, and not acted on (they run once). */

const destination = z.object({ Destination: z.string().max(350).optional() }).nullish();
const configBody = z.object({
  MaximumRetryAttempts: z.int().min(0).max(2, 'Member must have value less than or equal to 2').nullish(),
  MaximumEventAgeInSeconds: z.int().min(60).max(21_600, 'Member must have value less than or equal to 21600').nullish(),
  DestinationConfig: z.object({ OnSuccess: destination, OnFailure: destination }).nullish(),
});

export function putFunctionEventInvokeConfig(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'PutFunctionEventInvokeConfig');
  return keep(service, located, given(request, service.clock.now()));
}

export function updateFunctionEventInvokeConfig(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'UpdateFunctionEventInvokeConfig');
  const before = existing(service, located);
  const changes = given(request, service.clock.now());
  return keep(service, located, {
    modifiedMs: changes.modifiedMs,
    maximumRetryAttempts: changes.maximumRetryAttempts ?? before.maximumRetryAttempts,
    maximumEventAgeS: changes.maximumEventAgeS ?? before.maximumEventAgeS,
    onSuccess: changes.onSuccess ?? before.onSuccess,
    onFailure: changes.onFailure ?? before.onFailure,
  });
}

export function getFunctionEventInvokeConfig(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'GetFunctionEventInvokeConfig');
  return jsonAnswer(200, view(arnOf(service, located), existing(service, located)));
}

export function deleteFunctionEventInvokeConfig(service: Service, request: ApiRequest): WireAnswer {
  const located = locate(service, request, 'DeleteFunctionEventInvokeConfig');
  existing(service, located);
  located.target.eventInvokeConfigs.delete(keyOf(located));
  return emptyAnswer(204);
}

export function listFunctionEventInvokeConfigs(service: Service, request: ApiRequest): WireAnswer {
  const target = lookUp(service, parameter(request, 'FunctionName'), 'ListFunctionEventInvokeConfigs');
  const views = [...target.eventInvokeConfigs].map(([qualifier, config]) =>
    view(arnOf(service, { target, qualifier }), config),
  );
  const { page, next } = pageOf(views, request, 50);
  return jsonAnswer(200, { FunctionEventInvokeConfigs: page, ...next });
}

function given(request: ApiRequest, nowMs: number): EventInvokeConfig {
  const body = parseJsonBody(configBody, request.body);
  return {
    modifiedMs: nowMs,
    maximumRetryAttempts: body.MaximumRetryAttempts ?? undefined,
    maximumEventAgeS: body.MaximumEventAgeInSeconds ?? undefined,
    onSuccess: body.DestinationConfig?.OnSuccess?.Destination,
    onFailure: body.DestinationConfig?.OnFailure?.Destination,
  };
}

function keep(service: Service, located: Located, config: EventInvokeConfig): WireAnswer {
  qualifiedVersion(service, located);
  located.target.eventInvokeConfigs.set(keyOf(located), config);
  return jsonAnswer(200, view(arnOf(service, located), config));
}

/** @throws ServiceFailure ResourceNotFoundException */
function existing(service: Service, located: Located): EventInvokeConfig {
  const config = located.target.eventInvokeConfigs.get(keyOf(located));
  if (config !== undefined) return config;
  throw notFound(`The function ${arnOf(service, located)} doesn't have an EventInvokeConfig`);
}

function keyOf({ qualifier }: Located): string {
  return qualifier ?? '$LATEST';
}

function arnOf(service: Service, located: Located): string {
  return functionArn(service.account, located.target.functionName, keyOf(located));
}

function view(arn: string, config: EventInvokeConfig) {
  const to = (Destination: string | undefined) => (Destination === undefined ? {} : { Destination });
  return {
    LastModified: config.modifiedMs / 1000,
    FunctionArn: arn,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeS,
    DestinationConfig: { OnSuccess: to(config.onSuccess), OnFailure: to(config.onFailure) },
  };
}
