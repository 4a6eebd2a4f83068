import { describe, expect, it } from 'vitest';
import { parseSavedMigration } from '../../src/documents/savedDocument.ts';
import { migrationResultSchema } from '../../src/model/migration.ts';
import { migrationReporters } from '../../src/reporters/registry.ts';
import { arm, compatible, failing, measured, x86 } from '../migrate/evidenceOf.ts';

const ratio = { estimate: 0.8, low: 0.7, high: 0.9 };
const step = { tool: 'AWS CLI', phase: 'rollOut', title: 'Shift', lines: ['aws lambda update-alias'] };

/** As it was written before there was a verdict. */
function old(more: object): string {
  return JSON.stringify({
    schemaVersion: 1,
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: '3fk29a',
    function: 'orders',
    current: { memoryMb: 1024, architecture: 'x86_64' },
    preflight: compatible,
    steps: [step],
    ...more,
  });
}

const comparison = {
  memoryMb: 1024,
  costUsd: { x86_64: 5e-6, arm64: 4e-6 },
  costRatio: ratio,
  p95Ratio: null,
  causes: { price: 0.8, memory: 1, duration: ratio },
  savings: { requestsPerMonth: 2e6, usd: 2, low: 1, high: 3 },
};

describe('a migration of schema version 1', () => {
  it('is read and judged by what was measured, its steps and savings with it', () => {
    const text = old({ comparison, run: measured([x86(200), arm(180)]) });
    const read = parseSavedMigration(text, 'm.json');
    expect(read.verdict).toMatchObject({ kind: 'move', configuration: { memoryMb: 1024, architecture: 'arm64' } });
    expect([read.schemaVersion, read.steps, read.run?.cheapest]).toEqual([2, [step], null]);
    expect(read.comparison?.savings).toMatchObject({ requestsPerMonth: 2e6 });
    expect(migrationResultSchema.parse(read)).toEqual(read);
    expect(migrationReporters.quiet(read, { columns: 80, color: false })).toMatch(
      /^Move orders to arm64 at 1,024 MB: /,
    );
  });

  it('loses steps that were for another size, or for a move that was never shown', () => {
    const best = { ...comparison, memoryMb: { x86_64: 1024, arm64: 128 }, tiedWith: { x86_64: [], arm64: [] } };
    const run = measured([x86(200), arm(180), arm(2000, 128)]);
    expect(parseSavedMigration(old({ comparison, best, run }), 'm.json').steps).toEqual([]);
    const failed = old({ run: measured([x86(200), failing('arm64', 'infeasible', 'invalid ELF header')]) });
    expect(parseSavedMigration(failed, 'm.json')).toMatchObject({ verdict: { kind: 'cannot' }, steps: [] });
    expect(parseSavedMigration(old({}), 'm.json')).toMatchObject({ verdict: { because: 'notMeasured' }, steps: [] });
  });

  it('keeps what was required', () => {
    const required = { require: 'cheaper', maxSlowdown: 0.05, decided: 'holds', cheaper: 'holds' };
    const read = parseSavedMigration(old({ required, run: measured([x86(200), arm(300)]) }), 'm.json');
    expect(read.required).toEqual({ require: 'cheaper', maxSlowdown: 0.05, decided: 'fails', cheaper: 'fails' });
  });

  it('is refused with a sentence where it is damaged', () => {
    expect(() => parseSavedMigration(old({ runId: 7 }), 'm.json')).toThrow('m.json is not as tune saves a run: runId');
    expect(() => parseSavedMigration(old({}).replace(':1,', ':3,'), 'm.json')).toThrow('this tune reads 2');
  });
});
