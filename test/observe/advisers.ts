import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Compute Optimizer and X-Ray over the wire, as the SDK speaks to them: what the embedded endpoint does not have. */
export interface AdviserOptions {
  /** `GetTraceSummaries`, … are refused. */
  readonly denied?: readonly string[];
  readonly recommendation?: object;
  /** Segments of X-Ray: one document a trace, in every moment that is asked for. */
  readonly traces?: readonly object[];
}

export interface Advisers {
  readonly url: string;
  readonly calls: readonly string[];
  close(): Promise<void>;
}

const operations: Readonly<Record<string, string>> = {
  '/TraceSummaries': 'GetTraceSummaries',
  '/Traces': 'BatchGetTraces',
};

export async function startAdvisers(options: AdviserOptions): Promise<Advisers> {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    const operation = operations[request.url ?? ''] ?? target.split('.').at(-1) ?? '';
    calls.push(operation);
    if (options.denied?.includes(operation)) {
      const message = `User: arn:aws:iam::123456789012:user/me is not authorized to perform: ${operation}`;
      return json(response, 400, { __type: 'AccessDeniedException', message });
    }
    json(response, 200, answerTo(operation, JSON.parse(body), options));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(
  operation: string,
  { TraceIds = [] }: { readonly TraceIds?: readonly string[] },
  { traces = [], recommendation }: AdviserOptions,
): object {
  switch (operation) {
    case 'GetLambdaFunctionRecommendations':
      return { lambdaFunctionRecommendations: recommendation === undefined ? [] : [recommendation] };
    case 'GetTraceSummaries':
      return {
        TraceSummaries: traces.map((_, index) => ({ Id: `1-0-${index}` })),
        TracesProcessedCount: traces.length,
      };
    case 'BatchGetTraces':
      return {
        Traces: TraceIds.map((Id) => ({
          Id,
          Segments: [{ Id: 's', Document: JSON.stringify(traces[Number(Id.split('-')[2])]) }],
        })),
      };
    default:
      return {};
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
