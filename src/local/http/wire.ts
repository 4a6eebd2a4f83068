import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { HostTime } from '../../model/measurement.ts';

/** What one HTTP request says, after routing and with its whole (bounded) body. */
export interface ApiRequest {
  readonly operation: string;
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  /** Path parameters by the model's member names, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Sent back as `x-amzn-requestid`; of an Invoke, also the id in START, END and REPORT. */
  readonly requestId: string;
  /** `host:port` that the client used; checked to be loopback. */
  readonly host: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** In place of a body: sent as it comes, in chunks; an error in it breaks the connection off. */
  readonly stream?: AsyncIterable<Uint8Array>;
  /** Of an Invoke: what the clock said, and how much of it was the host's doing; told in `x-tune-local`. */
  readonly measured?: HostTime;
  /** Of a stream: known when it has ended. */
  readonly measuredThen?: () => HostTime | undefined;
}

interface FailureDetails {
  readonly reason?: string | undefined;
  readonly retryAfterS?: number | undefined;
  /** Of a bucket that is elsewhere. */
  readonly bucketRegion?: string;
}

/** An error as the service names it; each protocol renders it in its own shape. */
export class ServiceFailure extends Error {
  readonly status: number;
  readonly type: string;
  readonly details: FailureDetails;

  constructor(status: number, type: string, message: string, details: FailureDetails = {}) {
    super(message);
    this.name = 'ServiceFailure';
    this.status = status;
    this.type = type;
    this.details = details;
  }
}

export function jsonAnswer(
  status: number,
  content: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(content) };
}

export function emptyAnswer(status: number): WireAnswer {
  return { status };
}

/** The path parameter of that name. Routing has put it there; anything else is a bug of ours. */
export function parameter(request: ApiRequest, name: string): string {
  const found = request.parameters[name];
  if (found === undefined) throw new Error(`No path parameter ${name} in ${request.operation}`);
  return found;
}

/** Parses a JSON body by its schema. @throws ServiceFailure SerializationException or ValidationException (400) */
export function parseJsonBody<Schema extends z.ZodType>(schema: Schema, body: Buffer): z.output<Schema> {
  let content: unknown;
  try {
    content = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceFailure(400, 'SerializationException', 'Could not parse request body into json.');
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  // The service's wording: "1 validation error detected: Value … at 'memorySize' failed to satisfy constraint: Member must …".
  // The value itself is left out: it may be an environment value.
  const problems = parsed.error.issues.map(
    (issue) => `Value at '${memberPath(issue.path)}' failed to satisfy constraint: ${issue.message}`,
  );
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new ServiceFailure(400, 'ValidationException', `${count} detected: ${problems.join('; ')}`);
}

function memberPath(path: readonly PropertyKey[]): string {
  const text = path.map(String).join('.');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A whole number from a query parameter; undefined when absent. @throws ServiceFailure InvalidParameterValueException */
export function queryCount(request: ApiRequest, name: string, max: number): number | undefined {
  const text = request.query.get(name);
  if (text === null) return undefined;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throw invalidParameter(`${name} must be a number from 1 to ${max}.`);
  return count;
}

export function invalidParameter(message: string): ServiceFailure {
  return new ServiceFailure(400, 'InvalidParameterValueException', message);
}

export function notFound(message: string): ServiceFailure {
  return new ServiceFailure(404, 'ResourceNotFoundException', message);
}

export function conflict(message: string): ServiceFailure {
  return new ServiceFailure(409, 'ResourceConflictException', message);
}
export function requestTooLarge(limitBytes: number, called: string): ServiceFailure {
  // The service's own name of it.
  const operation = called === 'Invoke' ? 'InvokeFunction' : called;
  return new ServiceFailure(
    413,
    'RequestTooLargeException',
    `Request must be smaller than ${limitBytes} bytes for the ${operation} operation`,
  );
}
