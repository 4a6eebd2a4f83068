import type { ServerResponse } from 'node:http';
import type { RawAnswer } from './http/http.ts';
import type { Route } from './http/routes.ts';
import type { ApiRequest, WireAnswer } from './http/wire.ts';
import type { Service } from './service/service.ts';

/** One call, its whole request read, before anything has happened. */
export interface InterceptedCall {
  readonly service: Service;
  readonly route: Route;
  readonly request: ApiRequest;
  readonly response: ServerResponse;
  /** An answer as it goes over the wire. */
  render(answer: WireAnswer): RawAnswer;
}

/**
 * Stands around every call: what it asks for may be performed, changed or refused, and so may the answer (`perform` answers
 * errors, it throws none). Undefined: the connection has been dealt with, nothing is sent.
 */
export type Intercept = (
  call: InterceptedCall,
  perform: (request: ApiRequest) => Promise<WireAnswer>,
) => Promise<WireAnswer | undefined>;

export const straightThrough: Intercept = (call, perform) => perform(call.request);
