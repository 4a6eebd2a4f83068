import { advise } from '../../advice/advice.ts';
import { isAtTraffic, mixedColdShare } from '../../analysis/savedRun/judgedFigures.ts';
import type { TuningResult } from '../../model/run.ts';
import { formatDuration, formatNumberOf, formatShare, formatUsd, formatUsdPerMillion } from '../../text/format.ts';
import { answerSentence } from '../wording/answerWording.ts';
import { namerOf } from '../wording/namer.ts';
import { whereMeasured } from '../wording/runWording.ts';

/** The answer in one sentence, on one line. */
export function renderQuiet(result: TuningResult): string {
  return `${answer(result)}${remarks(result)}.\n`;
}

function answer(result: TuningResult): string {
  const name = namerOf(result);
  const { statements } = advise(result);
  const said = statements.find((statement) => statement.kind === 'answer');
  if (said === undefined) return 'Dry run: nothing was created and nothing measured';
  const sentence = answerSentence(said.answer, said.figures, name);
  const cheapest = statements.find((statement) => statement.kind === 'cheapest');
  const fastest = statements.find((statement) => statement.kind === 'fastest');
  const beside = [
    cheapest === undefined || said.figures.isCheapest
      ? ''
      : `cheapest is ${name(cheapest.pick)} (${formatUsdPerMillion(cheapest.pick.costUsd.mean)})`,
    fastest === undefined || said.figures.isFastest
      ? ''
      : `fastest is ${name(fastest.pick)} (${formatDuration(fastest.pick.meanMs)})`,
  ].filter((part) => part !== '');
  const coldShare = mixedColdShare(result);
  const mixed = isAtTraffic(result)
    ? atTrafficText(result)
    : coldShare === undefined
      ? []
      : [`${formatShare(coldShare)} of the calls cold`];
  return [sentence, ...beside, ...mixed].join('; ');
}

/** What the month costs, of what is answered. */
function atTrafficText(result: TuningResult): readonly string[] {
  const said = advise(result).statements.find((statement) => statement.kind === 'traffic');
  if (said === undefined) return [];
  const { traffic, monthly, named } = said;
  // An answer has named it; without one nothing else says whose month it is.
  const whose = result.answer.kind === 'unanswered' ? ` with ${namerOf(result)(named)}` : '';
  return [`${formatUsd(monthly.usd.total)} a month${whose} at ${formatNumberOf(traffic.requestsPerMonth, 'request')}`];
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
