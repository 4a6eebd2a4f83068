import type { MigrationResult } from '../../src/model/migration.ts';
import { awsRun } from './savedRuns.ts';

/** Decided once: hundreds of foreign texts are put into it. */
const base = awsRun();

/** A function that can move, with a finding, an answer that differs, an error and steps: foreign text wherever there is room. */
export function migrationOf(foreign: string): MigrationResult {
  const bounded = { estimate: 0.76, low: 0.74, high: 0.78 };
  return {
    schemaVersion: 2,
    verdict: {
      kind: 'move',
      because: 'cheaperNotSlower',
      configuration: { memoryMb: 1024, architecture: 'arm64' },
      reason: `it costs less ${foreign}`,
    },
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: '3fk29a',
    function: `=${foreign}`,
    current: { memoryMb: 1024, architecture: 'x86_64' },
    preflight: {
      wanted: 'arm64',
      verdict: 'unknown',
      findings: [
        {
          where: `-${foreign}`,
          path: `+${foreign}`,
          kind: 'sharedLibrary',
          architecture: 'x86_64',
          cure: foreign,
          package: `@${foreign}`,
          blocking: true,
        },
      ],
      findingsLeftOut: 3,
      files: 120,
      note: 'Evidence and not proof.',
    },
    smoke: [
      {
        payload: foreign,
        response: {
          kind: 'different',
          differences: [{ pointer: foreign, x86_64: foreign, arm64: foreign, looksVolatile: false }],
          differencesLeftOut: 1,
        },
        errors: {},
      },
      {
        payload: foreign,
        errors: { arm64: { outcome: 'functionError', errorType: foreign, errorMessage: foreign } },
      },
    ],
    comparison: {
      memoryMb: { x86_64: 1024, arm64: 1024 },
      costUsd: { x86_64: 4.7e-6, arm64: 3.6e-6 },
      costRatio: bounded,
      p95Ratio: { estimate: 1.03, low: 1, high: 1.06 },
      causes: { price: 0.8, memory: 1, duration: { estimate: 0.95, low: 0.93, high: 0.97 } },
      savings: { requestsPerMonth: 2e6, usd: 2.2, low: 2, high: 2.4 },
    },
    required: {
      require: 'both',
      maxSlowdown: 0.05,
      decided: 'holds',
      cheaper: 'holds',
      notSlower: 'holds',
    },
    steps: [
      {
        tool: 'AWS CLI',
        phase: 'prepare',
        title: 'Publish a version',
        lines: [`aws lambda publish-version ${foreign}`],
        note: `First: ${foreign}`,
      },
      { tool: 'Terraform', phase: 'rollOut', title: 'Move the alias', lines: [foreign, 'architectures = ["arm64"]'] },
      { tool: 'SAM', phase: 'rollBack', title: 'Back', lines: ['Architectures: [x86_64]'] },
    ],
    run: {
      ...base,
      cheapest: null,
      fastest: null,
      balanced: null,
      target: { ...base.target, functionName: foreign === '' ? 'orders' : foreign },
      warnings: [{ code: 'x', text: foreign }],
    },
  };
}
