import type { TracedAttempt } from '../../base/io.ts';

export interface Tracing {
  readonly trace?: (call: TracedAttempt) => void;
  monotonicMs(): number;
}

/** What names the thing that a call is about; nothing else of a request is looked at. */
const namingFields = ['FunctionName', 'logGroupName', 'Arn', 'Resource', 'Bucket', 'logGroupNamePrefix'] as const;

/** Next to the wire, so that each attempt is told, and answers which the SDK turns into errors are, too. */
export const nextToTheWire = { step: 'deserialize', priority: 'low', name: 'tuneTrace' } as const;

export function tracing({ trace, monotonicMs }: Tracing) {
  return <Args extends { readonly input: unknown }, Result extends { readonly response: unknown }>(
    next: (args: Args) => Promise<Result>,
    context: { readonly commandName?: string },
  ) =>
    async (args: Args): Promise<Result> => {
      if (trace === undefined) return next(args);
      const startedMs = monotonicMs();
      const of = nameIn(args.input);
      const tell = (ended: string, requestId?: string) =>
        trace({
          operation: (context.commandName ?? 'call').replace(/Command$/, ''),
          of,
          ended,
          tookMs: monotonicMs() - startedMs,
          requestId,
        });
      try {
        const result = await next(args);
        const { statusCode, headers } = result.response as { statusCode?: number; headers?: Record<string, string> };
        tell(String(statusCode ?? 'answered'), headers?.['x-amzn-requestid'] ?? headers?.['x-amz-request-id']);
        return result;
      } catch (error) {
        tell(error instanceof Error ? nameOf(error) : 'failed');
        throw error;
      }
    };
}

function nameIn(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...input };
  const name = namingFields.map((field) => fields[field]).find((value) => typeof value === 'string');
  return typeof name === 'string' ? name : undefined;
}

/** `ECONNRESET`, `TimeoutError`; a message may quote what was sent. */
function nameOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
