import { policyFor } from '../../aws/policy/policy.ts';
import { ExitCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import type { Emission } from '../../fleet/emit/emission.ts';
import { githubWorkflow } from '../../fleet/emit/github.ts';
import { gitlabChild, gitlabPipeline } from '../../fleet/emit/gitlab.ts';
import { stepFunctionsTemplate } from '../../fleet/emit/stepFunctions.ts';
import { nearest, parseFlags } from '../../options/options.ts';
import { escapeTerminal } from '../../text/escape.ts';

const engines: Readonly<Record<string, (emission: Emission) => string>> = {
  github: githubWorkflow,
  gitlab: gitlabPipeline,
  'gitlab-child': gitlabChild,
  'step-functions': (emission) => stepFunctionsTemplate(emission, permissionStatements()),
};

/** `tune fleet emit`: a file for an engine that is there. Nothing is called or written. */
export function runFleetEmit(engine: string, flags: Readonly<Record<string, unknown>>, io: Io): ExitCode {
  const options = parseFlags('fleet emit', flags);
  const names = Object.keys(engines);
  const emit = engines[engine];
  if (emit === undefined) {
    throw new TuneError('USAGE', `"${escapeTerminal(engine)}" is no engine that a file can be made for.`, {
      hint: `Did you mean "${nearest(engine, names)}"? Engines: ${names.join(', ')}.`,
    });
  }
  const otherRoles = options.assumeRole ?? [];
  if (otherRoles.some((role) => !role.startsWith('arn:'))) {
    throw new TuneError('USAGE', '--assume-role: here every role is named by its ARN.', {
      hint: 'Such as arn:aws:iam::123456789012:role/tune,arn:aws:iam::210987654321:role/tune',
    });
  }
  const { shards, maxSpendUsd, region: regions, role } = options;
  io.stdout.write(emit({ shards, maxSpendUsd, regions, role, otherRoles, toolVersion }));
  return ExitCode.ok;
}

/** What a ranking reads, and what measuring any function needs. */
function permissionStatements(): readonly object[] {
  const { Statement: measuring } = policyFor(undefined);
  const { Statement: reading } = policyFor(undefined, { purpose: 'fleet' });
  return [
    ...measuring.map((statement) => ({ ...statement, Sid: `${statement.Sid}Measure` })),
    ...reading.map((statement) => ({ ...statement, Sid: `${statement.Sid}Rank` })),
  ];
}
