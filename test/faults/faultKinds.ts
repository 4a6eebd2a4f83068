import type { Fault } from '../../src/local/testing/testing.ts';

/**
 * What can go wrong with one call on the wire, each with how a run must end that meets it once.
 * `absorbed`: the run ends with 0 and the same answer. `honest`: with 0, or with 2, 3 or 5 and the cause.
 */
export interface FaultKind {
  readonly fault: Fault;
  readonly once: 'absorbed' | 'honest';
  /** Also met on every call from the i-th on. */
  readonly persistent?: true;
  /** Takes the client's own timeout to end. */
  readonly slow?: true;
}

const status = (status: number, type: string, more: { readonly message?: string; readonly reason?: string } = {}) =>
  ({ kind: 'status', status, type, ...more }) as const;

const throttle = (reason: string) => status(429, 'TooManyRequestsException', { reason, message: 'Rate Exceeded.' });

const expired = status(403, 'ExpiredTokenException', {
  message: 'The security token included in the request is expired',
});

export const faultKinds = {
  '429 ConcurrentInvocationLimitExceeded': {
    fault: throttle('ConcurrentInvocationLimitExceeded'),
    once: 'absorbed',
    persistent: true,
  },
  '429 ReservedFunctionConcurrentInvocationLimitExceeded': {
    fault: throttle('ReservedFunctionConcurrentInvocationLimitExceeded'),
    once: 'absorbed',
  },
  '429 FunctionInvocationRateLimitExceeded': {
    fault: throttle('FunctionInvocationRateLimitExceeded'),
    once: 'absorbed',
  },
  '429 ReservedFunctionInvocationRateLimitExceeded': {
    fault: throttle('ReservedFunctionInvocationRateLimitExceeded'),
    once: 'absorbed',
  },
  '429 CallerRateLimitExceeded': { fault: throttle('CallerRateLimitExceeded'), once: 'absorbed' },
  '400 invalid parameter': { fault: status(400, 'InvalidParameterValueException'), once: 'honest' },
  '502 KMS refused (permanent)': { fault: status(502, 'KMSAccessDeniedException'), once: 'honest' },
  '403 access denied': { fault: status(403, 'AccessDeniedException'), once: 'honest', persistent: true },
  '403 expired token': { fault: expired, once: 'honest', persistent: true },
  '404 not found': { fault: status(404, 'ResourceNotFoundException'), once: 'honest' },
  '409 conflict': { fault: status(409, 'ResourceConflictException'), once: 'honest' },
  '500 before the effect': { fault: status(500, 'ServiceException'), once: 'absorbed', persistent: true },
  '500 after the effect': { fault: { ...status(500, 'ServiceException'), afterEffect: true }, once: 'absorbed' },
  '503 unavailable': { fault: status(503, 'ServiceUnavailableException'), once: 'absorbed' },
  'not what the type says': { fault: 'garbage', once: 'absorbed' },
  'half a body': { fault: 'cutBody', once: 'absorbed' },
  'connection cut before the effect': { fault: 'resetBefore', once: 'absorbed', persistent: true },
  'connection cut after the effect': { fault: 'resetAfter', once: 'absorbed' },
  'no answer, no effect': { fault: 'hang', once: 'absorbed', slow: true },
  'no answer after the effect': { fault: 'hangAfter', once: 'absorbed', slow: true },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;

export const faultNames = Object.keys(faultKinds) as readonly FaultName[];
