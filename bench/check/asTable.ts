import type { CheckReplay } from './replay.ts';
import type { Score } from './score.ts';

/** Markdown, so that it can stand in docs/check-in-ci.md as it is printed. */
export function asTable({ runs, seed, envSpread, configurations, sets }: CheckReplay): string {
  return [
    `${runs} runs for each of ${configurations} configurations, seed ${seed}, environments differ by ${percent(envSpread, 0)}:`,
    '',
    `| set | rule | ${columns.map(({ title }) => title).join(' | ')} |`,
    `|---|---|${columns.map(() => '---:').join('|')}|`,
    ...Object.entries(sets).flatMap(([dataset, rules]) =>
      Object.entries(rules).map(
        ([rule, score]) => `| ${dataset} | ${rule} | ${columns.map(({ of }) => of(score)).join(' | ')} |`,
      ),
    ),
    '',
    'False alarm: regressed though nothing changed. Wrong pass: passed at +10 %. Worst: of all configurations of the set.',
    'Samples and environments are of one side; the two plain rules take 30 samples and cannot say inconclusive.',
    '',
  ].join('\n');
}

const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

const columns: readonly { readonly title: string; readonly of: (score: Score) => string }[] = [
  { title: 'false alarms', of: ({ falseAlarms }) => percent(falseAlarms, 2) },
  { title: 'worst', of: ({ worstFalseAlarms }) => percent(worstFalseAlarms) },
  { title: 'regressed at −15 %', of: ({ falseAlarms085 }) => percent(falseAlarms085, 2) },
  { title: '+5 %', of: ({ power105 }) => percent(power105) },
  { title: '+10 %', of: ({ power110 }) => percent(power110) },
  { title: '+15 %', of: ({ power115 }) => percent(power115) },
  { title: '+20 %', of: ({ power120 }) => percent(power120) },
  { title: 'passed unchanged', of: ({ passed100 }) => percent(passed100) },
  { title: 'wrong pass', of: ({ wrongPass110 }) => percent(wrongPass110, 2) },
  { title: 'worst', of: ({ worstWrongPass110 }) => percent(worstWrongPass110) },
  {
    title: 'samples 0 / +10 / +20 %',
    of: (score) => [score.samplesMean, score.samples110, score.samples120].map((count) => count.toFixed(0)).join(' / '),
  },
  { title: 'environments', of: ({ environmentsMean }) => environmentsMean.toFixed(1) },
];
