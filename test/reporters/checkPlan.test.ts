import { expect, it } from 'vitest';
import { type CheckPlan, renderCheckPlan } from '../../src/reporters/check/plan.ts';

function costOf(cap: CheckPlan['cap']): string {
  const side = (name: string): CheckPlan['sides'][number] => ({
    name,
    configuration: { memoryMb: 512, architecture: 'x86_64' },
    isLocal: false,
    region: 'eu-central-1',
    notices: [],
  });
  const plan = {
    runId: 'r1',
    noun: 'Check',
    sides: [side('orders'), side('bills')],
    expectedCalls: 90,
    expectedUsd: 0.001,
    worstCaseUsd: 0.02,
    cap,
  } as const satisfies CheckPlan;
  return renderCheckPlan(plan, { columns: 100, color: false }).replace(/\s+/g, ' ');
}

it('says the one cap of all functions, and what a function has of it at most where that is less', () => {
  expect(costOf({ totalUsd: 1, functions: 1, own: [] })).toContain('The check stops before it can exceed US$ 1.00. ');
  expect(costOf({ totalUsd: 1, functions: 2, own: [] })).toContain(
    'The check stops before it can exceed US$ 1.00, all functions together. ',
  );
  expect(costOf({ totalUsd: 1, functions: 2, own: [{ name: 'bills', usd: 0.1 }] })).toContain(
    'US$ 1.00, all functions together. Within it, at most: bills US$ 0.100. ',
  );
  expect(costOf(undefined)).not.toContain('stops before');
});
