import type { Decision, SmokeRow } from '../model/migration.ts';
import type { MigrationVerdict } from '../model/verdict.ts';
import { formatGivenShare } from '../text/format.ts';
import { moveFiguresOf } from './decision.ts';
import type { MigrationEvidence } from './evidence.ts';
import type { Judged, MigrationWish } from './judged.ts';
import { undecidedFor } from './unjudgeable.ts';

/** What the comparison of today's setting with the judged configuration says. */
export function verdictOn(
  { memoryMb, calls, comparison }: Judged,
  { cheaper, notSlower }: Decision,
  wish: MigrationWish,
  evidence: MigrationEvidence,
): MigrationVerdict {
  const configuration = { memoryMb, architecture: evidence.preflight.wanted };
  const limit = formatGivenShare(wish.maxSlowdown);
  const costCounts = wish.require !== 'not-slower';
  const speedCounts = wish.require !== 'cheaper';
  if (costCounts && cheaper === 'fails') {
    return moveFiguresOf(comparison, evidence.current.architecture).costRatio.low >= 1
      ? { kind: 'stay', because: 'dearer', configuration, reason: 'it would cost more' }
      : { kind: 'stay', because: 'noSaving', configuration, reason: 'it would cost the same, within the tolerance' };
  }
  if (speedCounts && notSlower === 'fails') {
    return {
      kind: 'stay',
      because: 'slower',
      configuration,
      reason: `it would be slower: p95 more than ${limit} higher`,
    };
  }
  if ((costCounts && cheaper !== 'holds') || (speedCounts && notSlower !== 'holds')) {
    if (evidence.run?.ended === 'spendCap') return undecidedFor(evidence, configuration);
    return costCounts && cheaper !== 'holds'
      ? {
          kind: 'undecided',
          because: 'costNotTold',
          configuration,
          reason: `${calls} warm calls a side do not tell whether it costs less: give more --invocations`,
        }
      : {
          kind: 'undecided',
          because: 'speedNotTold',
          configuration,
          reason: `${calls} warm calls a side do not tell whether p95 is at most ${limit} higher: give more --invocations`,
        };
  }
  const differs = answersThatDiffer(evidence.smoke ?? []);
  if (differs !== undefined) {
    return { kind: 'undecided', because: 'answersDiffer', configuration, reason: differs };
  }
  return { kind: 'move', configuration, ...shown(cheaper === 'holds', notSlower, wish, limit) };
}

function shown(
  isCheaper: boolean,
  notSlower: Decision['notSlower'],
  wish: MigrationWish,
  limit: string,
): Pick<Extract<MigrationVerdict, { kind: 'move' }>, 'because' | 'reason'> {
  if (!isCheaper) {
    return { because: 'notSlower', reason: 'it is not slower, which is all that was required' };
  }
  if (notSlower === 'holds') {
    return { because: 'cheaperNotSlower', reason: `it costs less, and p95 is at most ${limit} higher` };
  }
  const speed =
    notSlower === 'fails' ? `but it is slower: p95 more than ${limit} higher` : 'and whether it is slower is not told';
  return {
    because: notSlower === 'fails' ? 'cheaperButSlower' : 'cheaper',
    reason: `it costs less, ${speed}${wish.require === 'cheaper' ? ' (--require both asks for speed, too)' : ''}`,
  };
}

/** What looks like an id or a time differs by nature; anything else is to be looked at before the function moves. */
function answersThatDiffer(smoke: readonly SmokeRow[]): string | undefined {
  for (const { response, payload } of smoke) {
    if (response?.kind !== 'different') continue;
    const telling = response.differences.find(({ looksVolatile }) => !looksVolatile);
    if (telling === undefined && response.differencesLeftOut === 0) continue;
    const where = telling === undefined || telling.pointer === '' ? 'as a whole' : `at ${telling.pointer}`;
    const of = payload === undefined ? '' : ` to payload ${payload}`;
    return `the answers${of} differ ${where}: look whether it matters, and give --ignore for what may differ`;
  }
  return undefined;
}
