import { type Architecture, architectures } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { PointerPath } from './jsonPointer.ts';
import { compareResponses, type ResponseComparison } from './responses.ts';

/** One call of one payload on one architecture. `responseBody` is untrusted. */
export interface SmokeCall {
  readonly measurement: Measurement;
  readonly responseBody: string;
}

interface SmokeError {
  readonly outcome: Exclude<Measurement['outcome'], 'succeeded'>;
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/** How one payload was answered by both architectures. */
export interface SmokeRow {
  readonly payload?: string;
  /** Absent where one of the two failed. */
  readonly response?: ResponseComparison;
  readonly errors: Readonly<Partial<Record<Architecture, SmokeError>>>;
}

export function smokeRow(
  calls: Readonly<Record<Architecture, SmokeCall>>,
  ignore: readonly PointerPath[],
  payload?: string,
): SmokeRow {
  const [x86, arm] = [errorOf(calls.x86_64), errorOf(calls.arm64)];
  const isAnswered = x86 === undefined && arm === undefined;
  return {
    ...(payload !== undefined && { payload }),
    ...(isAnswered && {
      response: compareResponses(calls.x86_64.responseBody, calls.arm64.responseBody, ignore),
    }),
    errors: { ...(x86 && { x86_64: x86 }), ...(arm && { arm64: arm }) },
  };
}

/** Architectures that fail where the other one answers: they cannot run this function as it is. */
export function failsOnlyOn(rows: readonly SmokeRow[]): readonly Architecture[] {
  return architectures.filter((architecture) =>
    rows.some(({ errors }) => errors[architecture] !== undefined && Object.keys(errors).length === 1),
  );
}

function errorOf({ measurement }: SmokeCall): SmokeError | undefined {
  if (measurement.outcome === 'succeeded') return undefined;
  const { outcome, errorType, errorMessage } = measurement;
  return {
    outcome,
    ...(errorType !== undefined && { errorType }),
    ...(errorMessage !== undefined && { errorMessage }),
  };
}
