import { type Architecture, type Configuration, findConfiguration, plain } from '../model/configuration.ts';
import type { ConfigurationResult, TuningResult } from '../model/run.ts';
import type { MigrationVerdict } from '../model/verdict.ts';
import type { MigrationEvidence } from './evidence.ts';
import { fewestCalls } from './lanes.ts';

/** What speaks before any comparison does. */
export function notComparable(evidence: MigrationEvidence): MigrationVerdict | undefined {
  const { preflight, run, notMeasured, current } = evidence;
  const to = preflight.wanted;
  if (preflight.verdict === 'incompatible') {
    const count = preflight.findings.filter(({ blocking }) => blocking).length;
    const cure = count === 1 ? '1 finding of the preflight is' : `${count} findings of the preflight are`;
    return {
      kind: 'cannot',
      because: 'notReady',
      reason: `it is not ready: ${cure} to be cured first; nothing was measured`,
    };
  }
  if (run === undefined) {
    const why =
      notMeasured === 'dryRun' ? ' in a dry run' : notMeasured === 'preflightOnly' ? ' with --preflight-only' : '';
    const found =
      preflight.verdict === 'compatible'
        ? `the preflight found nothing against ${to}`
        : `the preflight leaves open whether it is ready for ${to}`;
    return { kind: 'undecided', because: 'notMeasured', reason: `${found}, and nothing was measured${why}` };
  }
  const own = findConfiguration(run.configurations, current);
  const others = run.configurations.filter(({ architecture }) => architecture === to);
  const ownFailure = failureOf(own) ?? failureOf(own === undefined ? ownRows(run, current)[0] : undefined);
  if (ownFailure !== undefined) {
    return {
      kind: 'cannot',
      because: 'ownSideFails',
      reason: `on ${current.architecture}, which it has today, its copy fails (${ownFailure}), so there is nothing to compare with`,
    };
  }
  if (run.target.path !== undefined || (others.length > 0 && others.every(({ status }) => status === 'projected'))) {
    return unmeasuredOwn(own, run, current) ?? projected(to);
  }
  const otherFailures = others.flatMap((row) => failureOf(row) ?? []);
  if (own?.status === 'measured' && others.length > 0 && otherFailures.length === others.length) {
    const row = findConfiguration(run.configurations, { ...current, architecture: to }) ?? others[0];
    return {
      kind: 'cannot',
      because: 'otherSideFails',
      configuration: row && plain(row),
      reason: `it fails there (${failureOf(row) ?? otherFailures[0] ?? 'no call succeeded'})`,
    };
  }
  if (run.ended === 'interrupted' || run.ended === 'failed') return undecidedFor(evidence);
  return unmeasuredOwn(own, run, current);
}

function projected(to: Architecture): MigrationVerdict {
  return {
    kind: 'undecided',
    because: 'projected',
    reason: `here ${to} is projected and not measured: give a function in AWS to measure both`,
  };
}

/** A run that went to its end without one answer of the function on its own side cannot be repeated with more luck. */
function unmeasuredOwn(
  own: ConfigurationResult | undefined,
  run: TuningResult,
  { architecture }: Configuration,
): MigrationVerdict | undefined {
  if (run.ended !== 'completed' || own === undefined || own.status === 'measured') return undefined;
  return {
    kind: 'cannot',
    because: 'ownSideFails',
    reason: `on ${architecture}, which it has today, it could not be measured (${own.reason ?? own.status}), so there is nothing to compare with`,
  };
}

/** Measured, and it did not come to a comparison, or to one that is not to be used. */
export function undecidedFor(
  { run, preflight, current }: MigrationEvidence,
  configuration?: MigrationVerdict['configuration'],
): MigrationVerdict {
  const at = configuration === undefined ? {} : { configuration };
  switch (run?.ended) {
    case 'interrupted':
      return { kind: 'undecided', because: 'interrupted', ...at, reason: 'the run was interrupted before its end' };
    case 'failed':
      return { kind: 'undecided', because: 'failed', ...at, reason: 'the run ended early by an error' };
    case 'spendCap':
      return {
        kind: 'undecided',
        because: 'spendCap',
        ...at,
        reason: 'the spend cap was reached before enough was measured: give a higher --max-spend-usd',
      };
    default: {
      const other = run && findConfiguration(run.configurations, { ...current, architecture: preflight.wanted });
      const why = other === undefined || other.status === 'measured' ? '' : ` (${other.reason ?? other.status})`;
      return {
        kind: 'undecided',
        because: 'tooFewCalls',
        ...at,
        reason: `there are fewer than ${fewestCalls} warm calls a side to compare, or a payload has none${why}: give more --invocations`,
      };
    }
  }
}

function failureOf(row: ConfigurationResult | undefined): string | undefined {
  if (row === undefined || (row.status !== 'infeasible' && row.status !== 'disqualified')) return undefined;
  return row.reason ?? row.status;
}

/** Of a race that ended early, which need not have come to the size of today. */
function ownRows(run: TuningResult, { architecture }: Configuration): readonly ConfigurationResult[] {
  const rows = run.configurations.filter((row) => row.architecture === architecture && row.measurements.length > 0);
  return run.ended === 'failed' && rows.every((row) => failureOf(row) !== undefined) ? rows : [];
}
