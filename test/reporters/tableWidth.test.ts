import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseSavedRun } from '../../src/documents/savedDocument.ts';
import type { CheckResult } from '../../src/model/check.ts';
import type { FunctionFacts } from '../../src/model/functionFacts.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { renderCheckPlan } from '../../src/reporters/check/plan.ts';
import { checkReporters, migrationReporters, runReporters } from '../../src/reporters/registry.ts';
import { renderPlan } from '../../src/reporters/run/plan.ts';
import { textWidth } from '../../src/text/wrapText.ts';
import { fleetOf } from './savedCheck.ts';
import { migrationOf } from './savedMigration.ts';

const widths = [40, 60, 80, 120, 200];
const widest = (text: string) => Math.max(...text.split('\n').map(textWidth));
const savedRun = async (name: string) =>
  parseSavedRun(await readFile(new URL(`../../fixtures/runs/${name}.json`, import.meta.url), 'utf8'), name);

/** Without the commands, which are to be pasted and never wrapped. */
const fleet = (): CheckResult => ({ ...fleetOf('x'), leftBehind: [] });
const migration = () => ({ ...migrationOf('orders'), steps: [] });

describe('no line is wider than the terminal', () => {
  it.each(widths)('in the table of a check, at %i columns', (columns) => {
    expect(widest(checkReporters.table(fleet(), { columns, color: false }))).toBeLessThanOrEqual(columns);
  });

  it.each(widths)('in the table of a migration, at %i columns', (columns) => {
    expect(widest(migrationReporters.table(migration(), { columns, color: false }))).toBeLessThanOrEqual(columns);
  });

  it.each(widths)('in the tables of a run, at %i columns', async (columns) => {
    for (const name of ['aws', 'mixture', 'local']) {
      const tables = runReporters
        .table(await savedRun(name), { columns, color: false })
        .split('\n\n')
        .slice(1, 3);
      expect(widest(tables.join('\n'))).toBeLessThanOrEqual(columns);
    }
  });
});

describe('a table with little room', () => {
  it('of a check keeps what is judged, the limit and the verdict', () => {
    const text = checkReporters.table(fleet(), { columns: 60, color: false });
    expect(text).toContain('typical cost  +30 % (+20 % to +40 %)      +10 %  REGRESSED');
    expect(text).not.toContain('baseline  current');
  });

  it('of a check with none at all says each line as a sentence', () => {
    const text = checkReporters.table(fleet(), { columns: 40, color: false });
    expect(text).toContain(
      'p95 budget: baseline 180 ms, current\n  300 ms, measured 300 ms (280 ms to\n  330 ms), limit 250 ms, REGRESSED',
    );
  });

  it('of a migration keeps cost and p95', () => {
    const text = migrationReporters.table(migration(), { columns: 60, color: false });
    expect(text).toContain('today x86_64  1,024 MB          $4.70  291 ms');
  });
});

describe('marks', () => {
  it.each(widths)('are the same words at %i columns', async (columns) => {
    const lines = runReporters.table(await savedRun('aws'), { columns, color: false }).split('\n');
    const at = lines.findIndex((line) => /^ 1,769 .*~cheapest/.test(line));
    expect(
      lines
        .slice(at, at + 3)
        .join(' ')
        .replace(/\s+/g, ' '),
    ).toContain('~cheapest, ~fastest, balanced');
    expect(lines.join('\n')).not.toMatch(/\bbal balanced|\bnow current|C cheapest/);
  });
});

describe('plurals', () => {
  it('agree in the plan of a check with one side and one call', () => {
    const text = renderCheckPlan(
      {
        runId: 'r1',
        noun: 'Check',
        sides: [
          {
            name: 'orders',
            configuration: { memoryMb: 512, architecture: 'arm64' },
            isLocal: false,
            region: 'us-east-1',
            notices: [],
          },
        ],
        expectedCalls: 1,
        expectedUsd: 0.1,
        worstCaseUsd: 0.2,
      },
      { columns: 120, color: false },
    );
    expect(text).toContain('Up to 1 copy named tune-…');
    expect(text).toContain('for some 1 call of one second');
  });

  it('agree in the plan of a run with one configuration', () => {
    const facts: FunctionFacts = {
      functionName: 'orders',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
      accountId: '123456789012',
      region: 'us-east-1',
      qualifier: '$LATEST',
      version: '$LATEST',
      packageType: 'Zip',
      codeSha256: 'x',
      codeSizeBytes: 1000,
      memoryMb: 512,
      timeoutS: 3,
      architecture: 'x86_64',
      ephemeralStorageMb: 512,
      snapStart: false,
      memoryLimitMb: 10_240,
      notices: [],
    };
    const plan: Plan = {
      sampling: { kind: 'full' },
      configurations: [{ memoryMb: 512, architecture: 'x86_64' }],
      leftOut: [],
      projected: [],
      reference: { memoryMb: 512, architecture: 'x86_64' },
      environmentsPerConfiguration: 1,
      warmInvocations: 1,
      maxInFlight: 1,
      estimate: {
        invocations: 2,
        expectedUsd: 0.1,
        worstCaseUsd: 0.2,
        expectedSeconds: 3,
        assumption: 'Nothing is measured yet.',
        notIncluded: [],
      },
      leaseSeconds: 60,
      warnings: [],
    };
    const text = renderPlan({ runId: 'r1', facts, plan }, { columns: 112, color: false }).replace(/\s+/g, ' ');
    expect(text).toContain(
      '1 configuration: 512 MB on x86_64; each 1 warm invocation in 1 environment; 2 invocations in all',
    );
    expect(text).toContain('Up to 1 copy named tune-…');
    const paced = (maxRatePerS: number, pauseMs: number) =>
      renderPlan({ runId: 'r1', facts, plan: { ...plan, maxRatePerS, pauseMs } }, { columns: 112, color: false });
    expect(paced(5, 200).replace(/\s+/g, ' ')).toContain('and 5 a second, 200 ms apart in an environment.');
    expect(paced(0.5, 1500).replace(/\s+/g, ' ')).toContain('and 30 a minute, 1.5 s apart in an environment.');
    expect(paced(600 / 3600, 2000).replace(/\s+/g, ' ')).toContain('and 10 a minute, 2 s apart');
    expect(paced(5 / 3600, 2000).replace(/\s+/g, ' ')).toContain('and 5 an hour');
    const payloads = [{ name: 'payload', body: '3', weight: 1 }];
    expect(renderPlan({ runId: 'r1', facts, plan, payloads }, { columns: 112, color: false })).toContain(
      '1 payload of 1 byte.',
    );
  });
});
