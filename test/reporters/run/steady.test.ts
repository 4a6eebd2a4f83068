import { expect, it } from 'vitest';
import { analyze } from '../../../src/analysis/analyze.ts';
import { runReporters as reporters } from '../../../src/reporters/registry.ts';
import { asked, laneOf } from '../../analysis/analyzing.ts';
import { decided } from '../buildRun.ts';
import { awsRun } from '../savedRuns.ts';

/** Sixteen slow calls, then twenty-four at the level; dealt in turn to two environments. */
const compiled = (level: number) =>
  Array.from(
    { length: 40 },
    (_, index) => level * (1 + (index < 16 ? (16 - index) / 8 : 0)) * (1 + 0.01 * (index % 3)),
  );

const { configurations, warnings } = analyze({
  ...asked,
  lanes: [laneOf(256, compiled(40)), laneOf(512, compiled(25))],
});
const result = decided({ ...awsRun(), configurations: [...configurations], warnings: [...warnings] });

it.each([
  ['table', '24 of 40'],
  ['table', '40.4 ms'],
  ['table', '57.5 ms'],
  ['markdown', '24 of 40'],
  ['markdown', '57.5 ms over all'],
  ['html', '57.5 ms over all'],
  ['github', '40.4 ms after the first 8 calls, 57.5 ms over all'],
  ['junit', 'without the first 8 warm calls of an environment; all 40 warm calls'],
  ['csv', 'steadyAfterCalls'],
  ['csv-summary', 'allWarmDurationMsMean'],
  ['gitlab', 'start="allWarm"'],
  ['json', '"afterCalls": 8'],
] as const)('%s shows what is judged and what all warm calls come to: %s', (format, text) => {
  expect(reporters[format](result, { columns: 400, color: false })).toContain(text);
});
