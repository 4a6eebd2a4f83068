import { keysOf } from '../../base/keys.ts';
import type { Verification, VerifiedFunction } from '../../model/fleet/verification.ts';
import { formatNumberOf } from '../../text/format.ts';
import { changeText } from '../observation/changeWording.ts';
import type { FleetPage } from './page.ts';

const required = {
  cheaper: 'cheaper',
  'not-slower': 'not slower',
  both: 'cheaper and not slower',
} as const satisfies Record<Verification['require'], string>;

const verdicts = {
  holds: 'came true',
  fails: 'did not come true',
  inconclusive: 'cannot be told',
  unread: 'not judged',
} as const satisfies Record<VerifiedFunction['verdict'], string>;

/** A verdict for each, and how many there are of each. */
export function verificationPage({ functions, require }: Verification): FleetPage {
  const counts = keysOf(verdicts)
    .map((kind) => [functions.filter(({ verdict }) => verdict === kind).length, verdicts[kind]] as const)
    .filter(([count]) => count > 0)
    .map(([count, said]) => `${count} ${said}`);
  return {
    title: 'What production says of the answers',
    marker: ['lambda-tune-fleet-verification', ''],
    answer:
      functions.length === 0
        ? 'No function of the portfolio has an answer that changes something.'
        : `${formatNumberOf(functions.length, 'answer')}, ${required[require]} since the change: ${counts.join(', ')}.`,
    facts: [],
    sheets: [
      {
        title: '',
        columns: [
          { head: 'function', align: 'left' },
          { head: 'where', align: 'left', leaves: 1 },
          { head: 'verdict', align: 'left' },
          { head: 'since the change', align: 'left' },
        ],
        rows: functions.map((one) => [
          one.functionName,
          `${one.accountId} ${one.region}`,
          verdicts[one.verdict],
          whyOf(one),
        ]),
      },
    ],
    warnings: [],
    remarks: [],
    next: [],
  };
}

function whyOf({ observation, error, isDeployed }: VerifiedFunction): string {
  if (observation === null) return error?.message ?? '';
  const deployed = isDeployed === false ? 'it is not as its answer has it yet' : undefined;
  const change =
    observation.sinceChange === undefined ? 'no change was found' : changeText(observation.sinceChange.change);
  return [deployed, change].filter((part) => part !== undefined).join('; ');
}
