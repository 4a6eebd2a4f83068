import { type MigrationParts, migrationDocument } from '../../src/migrate/document.ts';
import type { MigrationEvidence } from '../../src/migrate/evidence.ts';
import { judgeMigration } from '../../src/migrate/judgeMigration.ts';
import { migrationSteps } from '../../src/migrate/steps/steps.ts';
import type { Architecture } from '../../src/model/configuration.ts';
import type { MigrationResult } from '../../src/model/migration.ts';
import type { ConfigurationResult, TuningResult } from '../../src/model/run.ts';
import { measuredRow, run } from '../reporters/buildRun.ts';

/** Synthetic migrations: what was measured of each configuration, and the document that comes of it. */

const current = { memoryMb: 1024, architecture: 'x86_64' } as const;
export const x86 = (meanMs: number, memoryMb = 1024, count = 80) => rowOf('x86_64', meanMs, memoryMb, count);
export const arm = (meanMs: number, memoryMb = 1024, count = 80) => rowOf('arm64', meanMs, memoryMb, count);

function rowOf(architecture: Architecture, meanMs: number, memoryMb: number, count: number): ConfigurationResult {
  return measuredRow({ memoryMb, architecture, meanMs, count, environments: 24, spread: 0.04 });
}

export function failing(
  architecture: Architecture,
  status: 'infeasible' | 'disqualified' | 'unmeasured',
  reason: string,
  memoryMb = 1024,
): ConfigurationResult {
  const failures = { functionError: 0, timedOut: 0, outOfMemory: 0, unreported: 0 };
  return { memoryMb, architecture, status, reason, failures, measurements: [] };
}

/** The best of such a run would be another one: nothing of it may be seen. */
export function measured(rows: readonly ConfigurationResult[], more: Partial<TuningResult> = {}): TuningResult {
  const first = rows[0];
  const choice = first && { memoryMb: first.memoryMb, architecture: first.architecture, tiedWith: [] };
  return run({
    configurations: [...rows],
    cheapest: choice ?? null,
    fastest: choice ?? null,
    balanced: choice ?? null,
    ...more,
  });
}

export const compatible: MigrationParts['preflight'] = {
  wanted: 'arm64',
  verdict: 'compatible',
  findings: [],
  findingsLeftOut: 0,
  files: 3,
  note: 'Evidence and not proof.',
};

export const incompatible: MigrationParts['preflight'] = {
  ...compatible,
  verdict: 'incompatible',
  findings: [
    {
      where: 'function package',
      path: 'a.node',
      kind: 'nodeAddon',
      architecture: 'x86_64',
      cure: 'Build it.',
      blocking: true,
    },
  ],
};

export type Case = Partial<MigrationEvidence>;

export function judge(evidence: Case) {
  return judgeMigration({ current, preflight: compatible, ...evidence });
}

/** As the command makes it, with the steps of all tools. */
export function documentOf(evidence: Case): MigrationResult {
  const judgement = judge(evidence);
  const { verdict } = judgement;
  return migrationDocument({
    tool: { name: 'lambda-tune', version: '0.1.0' },
    runId: '3fk29a',
    function: 'orders',
    current: evidence.current ?? current,
    preflight: (evidence.preflight as MigrationParts['preflight'] | undefined) ?? compatible,
    ...judgement,
    ...(evidence.smoke === undefined ? {} : { smoke: evidence.smoke }),
    steps:
      verdict.kind === 'move'
        ? migrationSteps({
            functionName: 'orders',
            qualifier: 'live',
            from: evidence.current ?? current,
            to: verdict.configuration,
            code: { kind: 'zip', path: 'function.zip' },
            oldLayers: [],
          })
        : [],
    ...(evidence.run === undefined ? {} : { run: evidence.run }),
  });
}
