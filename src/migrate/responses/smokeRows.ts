import { type Architecture, sameConfiguration } from '../../model/configuration.ts';
import type { Measurement } from '../../model/measurement.ts';
import type { SmokeRow } from '../../model/migration.ts';
import type { TuningResult } from '../../model/run.ts';
import type { PointerPath } from './jsonPointer.ts';
import { smokeRow } from './smoke.ts';
import type { KeptAnswers } from './variantResponses.ts';

/**
 * How both architectures answered the first call of each payload at one size. A payload that one of the two was never sent has no row.
 */
export function smokeRows(
  run: TuningResult,
  memoryMb: number,
  { answerOf, redacted }: KeptAnswers,
  ignore: readonly PointerPath[],
): readonly SmokeRow[] {
  const first = (architecture: Architecture, payload: string | undefined): Measurement | undefined =>
    run.configurations
      .filter((row) => sameConfiguration(row, { memoryMb, architecture }))
      .flatMap(({ measurements }) => measurements)
      .find((one) => (payload === undefined || one.payload === payload) && isKnown(one, answerOf));
  const names = payloadNames(run, memoryMb);
  return names.flatMap((name) => {
    const [x86, arm] = [first('x86_64', name), first('arm64', name)];
    if (x86 === undefined || arm === undefined) return [];
    const call = (measurement: Measurement) => ({
      measurement,
      responseBody: answerOf(measurement.requestId)?.body ?? '',
    });
    return [smokeRow({ x86_64: call(x86), arm64: call(arm) }, ignore, name, (text) => redacted(text, ''))];
  });
}

/** Of lines that are sent in turn those that were sent, which only calls tell. */
function payloadNames({ options, configurations }: TuningResult, memoryMb: number): readonly (string | undefined)[] {
  if (options.payloads.length > 1) return options.payloads.map(({ name }) => name);
  if (options.payloads[0]?.lines === undefined) return [undefined];
  const calls = configurations.filter((row) => row.memoryMb === memoryMb).flatMap(({ measurements }) => measurements);
  return [...new Set(calls.map(({ payload }) => payload))];
}

/** Of an answer the body must be known; a failure speaks for itself. */
function isKnown(one: Measurement, answerOf: KeptAnswers['answerOf']): boolean {
  return one.outcome !== 'succeeded' || answerOf(one.requestId) !== undefined;
}
