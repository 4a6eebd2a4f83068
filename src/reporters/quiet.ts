import { advise } from '../domain/advice.ts';
import { mixedColdShare } from '../domain/recommendation.ts';
import type { TuningResult } from '../domain/result.ts';
import { formatDuration, formatNumberOf, formatShare, formatUsdPerMillion } from './format.ts';
import { whereMeasured } from './runWording.ts';
import { namerOf } from './wording.ts';

/** The answer in one sentence, on one line. */
export function renderQuiet(result: TuningResult): string {
  return `${answer(result)}${remarks(result)}.\n`;
}

function answer(result: TuningResult): string {
  const name = namerOf(result);
  const { statements } = advise(result);
  const cheapest = statements.find((statement) => statement.kind === 'cheapest');
  const fastest = statements.find((statement) => statement.kind === 'fastest');
  const current = statements.find((statement) => statement.kind === 'current');
  if (cheapest === undefined) {
    return result.ended === 'dryRun'
      ? 'Dry run: nothing was created and nothing measured'
      : 'Nothing could be measured';
  }
  const { pick } = cheapest;
  const coldShare = mixedColdShare(result);
  const mixed = coldShare === undefined ? '' : `, ${formatShare(coldShare)} of them cold`;
  const figures = `${formatUsdPerMillion(pick.costUsd.mean)} per million invocations${mixed}, ${formatDuration(pick.meanMs)}`;
  const isBoth = fastest?.isCheapest === true;
  const speed =
    fastest === undefined || isBoth
      ? ''
      : `, fastest is ${name(fastest.pick)} (${formatDuration(fastest.pick.meanMs)})`;
  return `${isBoth ? 'Cheapest and fastest' : 'Cheapest'} is ${name(pick)} (${figures})${speed}${currentText()}`;

  function currentText(): string {
    switch (current?.standing.kind) {
      case 'cheapest':
        return '; that is the current setting';
      case 'tied':
        return `; the current ${name(current.current)} is tied with the cheapest`;
      case 'dearer':
        return `; the current ${name(current.current)} costs ${formatShare(1 / (1 - current.standing.savingShare) - 1)} more (${formatUsdPerMillion(current.standing.figures.costUsd.mean)})`;
      default:
        return '';
    }
  }
}

function remarks(result: TuningResult): string {
  const stopped = {
    completed: '',
    dryRun: '',
    spendCap: 'stopped at the spend cap',
    interrupted: 'interrupted',
    failed: 'ended early',
  };
  const left = result.leftBehind.length;
  const said = [
    result.backend === 'local' ? whereMeasured(result) : '',
    stopped[result.ended],
    left > 0 ? `${formatNumberOf(left, 'thing')} left behind in the account` : '',
  ].filter((remark) => remark !== '');
  return said.length === 0 ? '' : ` (${said.join('; ')})`;
}
