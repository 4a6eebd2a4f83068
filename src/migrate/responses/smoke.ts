import type { Architecture } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { SmokeRow } from '../../model/migration.ts';
import type { PointerPath } from './jsonPointer.ts';
import { compareResponses } from './responses.ts';

/** One call of one payload on one architecture. `responseBody` is untrusted. */
export interface SmokeCall {
  readonly measurement: Measurement;
  readonly responseBody: string;
}

type SmokeError = NonNullable<SmokeRow['errors'][Architecture]>;

export function smokeRow(
  calls: Readonly<Record<Architecture, SmokeCall>>,
  ignore: readonly PointerPath[],
  payload?: string,
  shown?: (text: string) => string,
): SmokeRow {
  const [x86, arm] = [errorOf(calls.x86_64), errorOf(calls.arm64)];
  const isAnswered = x86 === undefined && arm === undefined;
  return {
    payload,
    response: isAnswered
      ? compareResponses(calls.x86_64.responseBody, calls.arm64.responseBody, ignore, shown)
      : undefined,
    errors: { x86_64: x86, arm64: arm },
  };
}

function errorOf({ measurement }: SmokeCall): SmokeError | undefined {
  if (measurement.outcome === 'succeeded') return undefined;
  const { outcome, errorType, errorMessage } = measurement;
  return { outcome, errorType, errorMessage };
}
