import type { ObservedVersion } from '../model/production/observedFigures.ts';
import type { Warning } from '../model/warning.ts';
import { type ProductionEvidence, sumOf } from './evidence.ts';
import type { Provisioned } from './provisioned.ts';

/** What of provisioned concurrency is not known, and so not in the cost. */
export function provisionedWarnings(
  { provisioned: configs, metrics, costModel }: ProductionEvidence,
  provisioned: Provisioned,
  versions: readonly ObservedVersion[],
  hasChanges: boolean,
): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: string, text: string) => warnings.push({ code, text });
  const { rows, total, byVersion, assumedShare } = provisioned;
  const served = (metrics?.provisioned ?? []).reduce((sum, read) => sum + sumOf(read.served), 0);
  const gone = metrics === undefined ? 0 : sumOf(metrics.provisionedOfAll) - served;
  if (gone > 0.5) {
    const whose = configs === undefined ? 'whose is not known' : 'which no alias or version has today';
    warn(
      'provisionedGone',
      `${Math.round(gone)} calls of the period ran in provisioned concurrency ${whose}: what was configured is not in the cost, and those calls are in it at the on-demand price.`,
    );
  }
  if (rows.length === 0) return warnings;
  if (total === null) {
    warn(
      'provisionedUnpriced',
      `What provisioned concurrency costs in ${costModel.region} is not known${costModel.source === 'option' ? ' with --price' : ''}: it is not in the cost, and calls in it are priced on demand.`,
    );
  }
  if (metrics === undefined) {
    warn(
      'provisionedUncounted',
      'Which calls ran in provisioned concurrency could not be read: all are priced on demand, beside what is configured.',
    );
  }
  if (total !== null && assumedShare > 0.02) {
    warn(
      'provisionedAssumed',
      `For ${Math.round(100 * assumedShare)} % of the period, before it was last configured, CloudWatch does not tell how much provisioned concurrency there was: pauses are taken to be as before them, and the interval holds none and the most of both ends.`,
    );
  }
  const unseen = [...byVersion.keys()].filter((version) => versions.every((row) => row.version !== version));
  if (unseen.length > 0 && versions.length > 0) {
    warn(
      'provisionedUnseen',
      `Version ${unseen.join(', ')} has provisioned concurrency, but no record of it was read: that is in the whole cost alone.`,
    );
  }
  if (hasChanges) {
    warn(
      'provisionedNotInChanges',
      'Ratios of changes are those of calls at the on-demand price, without provisioned concurrency.',
    );
  }
  return warnings;
}
