import { ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { present } from '../../base/present.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { repeated } from './pages.ts';

/** Services by the ARN of the function that is called with their events; of all functions of the region at once. @throws TuneError */
export async function readEventSources(
  clients: AwsClients,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  await repeated('Lambda ListEventSourceMappings', async (marker) => {
    const answer = await clients.lambda
      .send(new ListEventSourceMappingsCommand(present({ MaxItems: 100, Marker: marker })), { abortSignal: signal })
      .catch((error: unknown) => {
        throw callFailed(error, { operation: 'Lambda.ListEventSourceMappings', resource: clients.region });
      });
    for (const { FunctionArn: arn, EventSourceArn: source, State: state } of answer.EventSourceMappings ?? []) {
      if (arn === undefined || state === 'Disabled') continue;
      // A mapping may lead to a version or alias.
      const plain = arn.split(':').slice(0, 7).join(':');
      const service = /^arn:[a-z-]+:([a-z0-9-]{2,30}):/.exec(source ?? '')?.[1] ?? 'kafka';
      found.set(plain, (found.get(plain) ?? new Set()).add(service));
    }
    return answer.NextMarker;
  });
  return new Map([...found].map(([arn, services]) => [arn, [...services].sort()]));
}
