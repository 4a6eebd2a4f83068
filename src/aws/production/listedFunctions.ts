import { type FunctionConfiguration, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { present } from '../../base/present.ts';
import type { ListedFunction } from '../../model/fleet/listedFunction.ts';
import { accountOf } from '../client/arn.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { parseShadowName } from '../client/names.ts';
import { functionShapeOf } from '../target/functionShape.ts';
import { kindRefusal } from '../target/refusals.ts';
import { repeated } from './pages.ts';

/** All functions of the region but copies of ours: 50 a page. @throws TuneError ACCESS_DENIED, CREDENTIALS, … */
export async function readFunctionList(clients: AwsClients, signal: AbortSignal): Promise<readonly ListedFunction[]> {
  const found: ListedFunction[] = [];
  await repeated('Lambda ListFunctions', async (marker) => {
    const answer = await clients.lambda
      .send(new ListFunctionsCommand(present({ MaxItems: 50, Marker: marker })), { abortSignal: signal })
      .catch((error: unknown) => {
        throw callFailed(error, { operation: 'Lambda.ListFunctions', resource: clients.region });
      });
    found.push(...(answer.Functions ?? []).flatMap((one) => listed(one, clients.region) ?? []));
    return answer.NextMarker;
  });
  return found;
}

function listed(configuration: FunctionConfiguration, region: string): ListedFunction | undefined {
  const { FunctionName: functionName, FunctionArn: functionArn, MemorySize: memoryMb, Timeout } = configuration;
  const accountId = accountOf(functionArn ?? '');
  if (functionName === undefined || functionArn === undefined || accountId === undefined) return undefined;
  if (memoryMb === undefined || parseShadowName(functionName) !== undefined) return undefined;
  return {
    functionName,
    functionArn,
    accountId,
    region,
    memoryMb,
    ...functionShapeOf(configuration),
    timeoutS: Timeout ?? 3,
    inVpc: (configuration.VpcConfig?.SubnetIds ?? []).length > 0,
    hasFileSystem: (configuration.FileSystemConfigs ?? []).length > 0,
    cannotTune: kindRefusal(configuration)?.why,
  };
}
