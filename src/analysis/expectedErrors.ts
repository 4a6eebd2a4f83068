import type { Measurement } from '../model/measurement.ts';

/**
 * Errors that a function throws on purpose (`--allow-error ValidationError`) are answers: what they take and cost is what
 * such a request takes and costs. Types are compared as a whole. Timeouts and lack of memory are never answers.
 */
export function isExpected(measurement: Measurement, allowedErrors: readonly string[]): boolean {
  return (
    measurement.outcome === 'functionError' &&
    measurement.errorType !== undefined &&
    allowedErrors.includes(measurement.errorType)
  );
}

/** The measurements as they are judged: expected errors count as successes. What is saved keeps them as they were. */
export function asAnswers(
  measurements: readonly Measurement[],
  allowedErrors: readonly string[],
): readonly Measurement[] {
  if (allowedErrors.length === 0) return measurements;
  return measurements.map((measurement) => {
    if (measurement.outcome !== 'functionError' || !isExpected(measurement, allowedErrors)) return measurement;
    const { errorType: _type, errorMessage: _message, ...answer } = measurement;
    return { ...answer, outcome: 'succeeded' as const };
  });
}
