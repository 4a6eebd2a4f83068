import { maxCodeRequestBytes, maxControlRequestBytes, maxSyncPayloadBytes } from './limits.ts';
import { unservedLambda } from './unservedLambda.ts';

/** Paths as in the API model; of two that differ by their query alone, the one that has it stands first. */
const lambdaRoutes = [
  ['POST', '/2015-03-31/functions', 'CreateFunction'],
  ['GET', '/2015-03-31/functions', 'ListFunctions'],
  ['GET', '/2015-03-31/functions/{FunctionName}', 'GetFunction'],
  ['DELETE', '/2015-03-31/functions/{FunctionName}', 'DeleteFunction'],
  ['GET', '/2015-03-31/functions/{FunctionName}/configuration', 'GetFunctionConfiguration'],
  ['PUT', '/2015-03-31/functions/{FunctionName}/configuration', 'UpdateFunctionConfiguration'],
  ['PUT', '/2015-03-31/functions/{FunctionName}/code', 'UpdateFunctionCode'],
  ['POST', '/2015-03-31/functions/{FunctionName}/invocations', 'Invoke'],
  ['POST', '/2021-11-15/functions/{FunctionName}/response-streaming-invocations', 'InvokeWithResponseStream'],
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
  ['GET', '/2015-03-31/event-source-mappings', 'ListEventSourceMappings'],
  ['GET', '/2017-03-31/tags/{Resource}', 'ListTags'],
  ['POST', '/2017-03-31/tags/{Resource}', 'TagResource'],
  ['DELETE', '/2017-03-31/tags/{Resource}', 'UntagResource'],
  ['PUT', '/2017-10-31/functions/{FunctionName}/concurrency', 'PutFunctionConcurrency'],
  ['DELETE', '/2017-10-31/functions/{FunctionName}/concurrency', 'DeleteFunctionConcurrency'],
  ['GET', '/2019-09-30/functions/{FunctionName}/concurrency', 'GetFunctionConcurrency'],
  // The list has the path of the single one and `?List=ALL`.
  ['GET', '/2019-09-30/functions/{FunctionName}/provisioned-concurrency?List=ALL', 'ListProvisionedConcurrencyConfigs'],
  ['GET', '/2019-09-30/functions/{FunctionName}/provisioned-concurrency', 'GetProvisionedConcurrencyConfig'],
  ['PUT', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'PutFunctionEventInvokeConfig'],
  ['POST', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'UpdateFunctionEventInvokeConfig'],
  ['GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'GetFunctionEventInvokeConfig'],
  ['DELETE', '/2019-09-25/functions/{FunctionName}/event-invoke-config', 'DeleteFunctionEventInvokeConfig'],
  ['GET', '/2019-09-25/functions/{FunctionName}/event-invoke-config/list', 'ListFunctionEventInvokeConfigs'],
  ['GET', '/2020-06-30/functions/{FunctionName}/code-signing-config', 'GetFunctionCodeSigningConfig'],
  ['GET', '/2021-07-20/functions/{FunctionName}/runtime-management-config', 'GetRuntimeManagementConfig'],
  ['PUT', '/2021-07-20/functions/{FunctionName}/runtime-management-config', 'PutRuntimeManagementConfig'],
  ['GET', '/2024-08-31/functions/{FunctionName}/recursion-config', 'GetFunctionRecursionConfig'],
  ['PUT', '/2024-08-31/functions/{FunctionName}/recursion-config', 'PutFunctionRecursionConfig'],
  ['POST', '/2021-10-31/functions/{FunctionName}/url', 'CreateFunctionUrlConfig'],
  ['GET', '/2021-10-31/functions/{FunctionName}/url', 'GetFunctionUrlConfig'],
  ['PUT', '/2021-10-31/functions/{FunctionName}/url', 'UpdateFunctionUrlConfig'],
  ['DELETE', '/2021-10-31/functions/{FunctionName}/url', 'DeleteFunctionUrlConfig'],
  ['GET', '/2021-10-31/functions/{FunctionName}/urls', 'ListFunctionUrlConfigs'],
  ['GET', '/2018-10-31/layers?find=LayerVersion', 'GetLayerVersionByArn'],
  ['GET', '/2018-10-31/layers', 'ListLayers'],
  ['GET', '/2018-10-31/layers/{LayerName}/versions', 'ListLayerVersions'],
  ['POST', '/2018-10-31/layers/{LayerName}/versions', 'PublishLayerVersion'],
  ['GET', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 'GetLayerVersion'],
  ['DELETE', '/2018-10-31/layers/{LayerName}/versions/{VersionNumber}', 'DeleteLayerVersion'],
] as const;

export type LambdaOperation = (typeof lambdaRoutes)[number][2];

type Found =
  | {
      readonly operation: LambdaOperation;
      readonly parameters: Readonly<Record<string, string>>;
      readonly maxBodyBytes: number;
    }
  /** Nothing that this endpoint has. */
  | { readonly operation: 'unknown'; readonly name: string };

const served = lambdaRoutes.map(compiled);
const unserved = unservedLambda.map(compiled);

export function findLambdaRoute(method: string, path: string, query: URLSearchParams): Found {
  for (const route of served) {
    const parameters = route.parametersOf(method, path, query);
    if (parameters === undefined) continue;
    const { operation } = route;
    return { operation, parameters, maxBodyBytes: bodyBytes[operation] ?? maxControlRequestBytes };
  }
  const known = unserved.find((route) => route.parametersOf(method, path, query) !== undefined);
  return { operation: 'unknown', name: known?.operation ?? `${method} ${path}` };
}

function compiled<Operation extends string>([method, template, operation]: readonly [string, string, Operation]) {
  const [pathTemplate = '', wanted] = template.split('?');
  const names = [...pathTemplate.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const pattern = new RegExp(`^${pathTemplate.replace(/\{\w+\}/g, '([^/]+)')}/?$`);
  const [member = '', literal = ''] = wanted?.split('=') ?? [];
  return {
    operation,
    parametersOf(asked: string, path: string, query: URLSearchParams): Record<string, string> | undefined {
      if (asked !== method || (member !== '' && query.get(member) !== literal)) return undefined;
      const values = pattern.exec(path)?.slice(1);
      return values === undefined ? undefined : decoded(names, values);
    },
  };
}

const bodyBytes: Partial<Record<LambdaOperation, number>> = {
  CreateFunction: maxCodeRequestBytes,
  UpdateFunctionCode: maxCodeRequestBytes,
  PublishLayerVersion: maxCodeRequestBytes,
  Invoke: maxSyncPayloadBytes,
  InvokeWithResponseStream: maxSyncPayloadBytes,
};

/** Undefined when it is no text at all. */
export function decoded(names: readonly string[], values: readonly string[]): Record<string, string> | undefined {
  try {
    return Object.fromEntries(values.map((text, index) => [names[index] ?? '', decodeURIComponent(text)]));
  } catch {
    return undefined;
  }
}
