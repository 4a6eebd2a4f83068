import type { AwsClients } from '../client/client.ts';
import { callFailed } from '../client/failure.ts';

export interface FoundTraces {
  readonly ids: readonly string[];
  /** AWS charges for each that it looked at. */
  readonly scanned: number;
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One page of the traces that the function is in. @throws TuneError */
export async function findTraces(
  clients: AwsClients,
  functionName: string,
  { fromMs, toMs }: Window,
  signal: AbortSignal,
): Promise<FoundTraces> {
  try {
    const { GetTraceSummariesCommand } = await import('@aws-sdk/client-xray');
    const client = await clients.xray();
    const answer = await client.send(
      new GetTraceSummariesCommand({
        StartTime: new Date(fromMs),
        EndTime: new Date(toMs),
        FilterExpression: `service(id(name: "${functionName}", type: "AWS::Lambda::Function"))`,
      }),
      { abortSignal: signal },
    );
    const ids = (answer.TraceSummaries ?? []).flatMap(({ Id, IsPartial }) =>
      Id === undefined || IsPartial === true ? [] : [Id],
    );
    return { ids, scanned: Math.max(ids.length, Number(answer.TracesProcessedCount ?? 0)) };
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'XRay.GetTraceSummaries', resource: functionName });
  }
}

/** AWS takes no more at a time. */
export const tracesPerCall = 5;

/** The documents of their segments, trace by trace. @throws TuneError */
export async function readTraces(
  clients: AwsClients,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  try {
    const { BatchGetTracesCommand } = await import('@aws-sdk/client-xray');
    const client = await clients.xray();
    const answer = await client.send(new BatchGetTracesCommand({ TraceIds: [...ids] }), { abortSignal: signal });
    return (answer.Traces ?? []).map(({ Segments: segments = [] }) =>
      segments.flatMap(({ Document: document }) => (document === undefined ? [] : [document])),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    throw callFailed(error, { operation: 'XRay.BatchGetTraces', resource: `${ids.length} traces` });
  }
}
