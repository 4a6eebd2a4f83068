import type { AwsClients } from '../client/client.ts';
import { callFailed, isNamed } from '../client/failure.ts';

/** Where the Lambda console and `sam remote test-event` keep what they share. */
const registry = 'lambda-testevent-schemas';

/** The document that holds a function's shared test events; undefined where it has none. @throws TuneError ACCESS_DENIED, … */
export async function readTestEvents(
  clients: AwsClients,
  functionName: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { DescribeSchemaCommand } = await import('@aws-sdk/client-schemas');
  const schemas = await clients.schemas();
  const schema = `_${functionName}-schema`;
  try {
    const answer = await schemas.send(new DescribeSchemaCommand({ RegistryName: registry, SchemaName: schema }), {
      abortSignal: signal,
    });
    return answer.Content;
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return undefined;
    throw callFailed(error, { operation: 'Schemas.DescribeSchema', resource: `${registry}/${schema}` });
  }
}
