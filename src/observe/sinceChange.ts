import { TuneError } from '../base/errors.ts';
import type { ObservedChange, SinceChange } from '../model/production/observedChange.ts';
import type { Interval } from '../model/production/observedFigures.ts';

type Decided = NonNullable<SinceChange['required']>['decided'];

export interface Required {
  readonly require: 'cheaper' | 'not-slower' | 'both';
  readonly maxSlowdown: number;
}

/** Less than this is no saving that anybody was promised. */
const noSaving = 0.02;

/** The last deployment of the period, or what begins with the date that was given. @throws TuneError NOT_MEASURED without any */
export function sinceChangeOf(
  changes: readonly ObservedChange[],
  wantsDate: boolean,
  required: Required | undefined,
): SinceChange {
  const change = wantsDate
    ? changes.find(({ kind }) => kind === 'date')
    : changes.findLast(({ kind }) => kind !== 'unknown' && kind !== 'date');
  if (change === undefined) {
    throw new TuneError('NOT_MEASURED', 'No deployment or change of settings lies in the period that was read.', {
      hint: 'Look further back with --since, or say when it was: --since-change 2026-11-20T14:00Z',
    });
  }
  return required === undefined ? { change } : { change, required: judged(change, required) };
}

function judged(
  { costRatio, durationRatio }: ObservedChange,
  { require, maxSlowdown }: Required,
): SinceChange['required'] {
  const cheaper = require === 'not-slower' ? undefined : cheaperOf(costRatio);
  const notSlower = require === 'cheaper' ? undefined : notSlowerOf(durationRatio, maxSlowdown);
  return { require, maxSlowdown, decided: bothOf(cheaper ?? 'holds', notSlower ?? 'holds'), cheaper, notSlower };
}

function cheaperOf(ratio: Interval | null): Decided {
  if (ratio === null) return 'inconclusive';
  if (ratio.high < 1) return 'holds';
  return ratio.low > 1 - noSaving ? 'fails' : 'inconclusive';
}

function notSlowerOf(ratio: Interval | null, maxSlowdown: number): Decided {
  if (ratio === null) return 'inconclusive';
  if (ratio.high <= 1 + maxSlowdown) return 'holds';
  return ratio.low > 1 + maxSlowdown ? 'fails' : 'inconclusive';
}

function bothOf(one: Decided, other: Decided): Decided {
  if (one === 'fails' || other === 'fails') return 'fails';
  return one === 'holds' && other === 'holds' ? 'holds' : 'inconclusive';
}
