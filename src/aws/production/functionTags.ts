import { present } from '../../base/present.ts';
import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';
import { repeated } from './pages.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * Tags by ARN, of all functions of the region at once; `wanted`: only of those that have these. A function that never had a tag
 * is not in it. @throws TuneError ACCESS_DENIED, …
 */
export async function readFunctionTags(
  clients: AwsClients,
  wanted: Tags,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Tags>> {
  const { GetResourcesCommand } = await import('@aws-sdk/client-resource-groups-tagging-api');
  const client = await clients.tagging();
  const found = new Map<string, Tags>();
  await repeated('Tagging GetResources', async (token) => {
    const answer = await client
      .send(
        new GetResourcesCommand(
          present({
            ResourceTypeFilters: ['lambda:function'],
            ResourcesPerPage: 100,
            TagFilters: Object.entries(wanted).map(([Key, value]) => ({ Key, Values: [value] })),
            PaginationToken: token,
          }),
        ),
        { abortSignal: signal },
      )
      .catch((error: unknown) => {
        throw callFailed(error, { operation: 'Tagging.GetResources', resource: clients.region });
      });
    for (const { ResourceARN: arn, Tags: tags = [] } of answer.ResourceTagMappingList ?? []) {
      if (arn === undefined) continue;
      found.set(arn, Object.fromEntries(tags.flatMap(({ Key, Value }) => (Key ? [[Key, Value ?? '']] : []))));
    }
    return answer.PaginationToken;
  });
  return found;
}
