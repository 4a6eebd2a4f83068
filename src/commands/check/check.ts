import type { ExitCode } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { worstVerdict } from '../../check/verdict.ts';
import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { checkSchemaVersion } from '../../model/check.ts';
import { checkReporters } from '../../reporters/registry.ts';
import { asCheck } from '../shared/documents.ts';
import { checkExitCodeOf } from '../shared/exitCode.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { type Fleet, loadFleet } from './checkFleet.ts';
import { prepareCheck } from './checkFunction.ts';
import { type MeasuredFleet, measureFleet } from './measureFleet.ts';

/** `tune check`: fleet → read all → plan, consent → measure until decided → one table, one exit code. */
export async function runCheckCommand(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const fleet = await loadFleet(flags, io);
  const { common } = fleet;
  const outputs = await planOutputs(common, Object.keys(checkReporters), io);
  return measureFleet(fleet, 'Check', prepareCheck, io, async (found) => {
    const result = resultOf(fleet, found, io.now());
    await writeOutputs(outputs, asCheck(result), io, common);
    // What was not to be measured is nothing that went wrong; what cannot be measured is, also in a dry run.
    const asked = found.measured.filter(({ isDryRun }) => !isDryRun).map(({ checked }) => checked);
    return checkExitCodeOf({ ...result, functions: asked }, common, io.interrupted);
  });
}

function resultOf(
  { functions, configFile }: Fleet,
  { run, measured, startedAt, isLocal }: MeasuredFleet,
  finishedAt: Date,
): CheckResult {
  const checked: readonly CheckedFunction[] = measured.map((one) => one.checked);
  return {
    schemaVersion: checkSchemaVersion,
    tool: { name: 'lambda-tune', version: toolVersion },
    runId: run.id,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    backend: isLocal ? 'local' : 'aws',
    verdict: worstVerdict(checked.map(({ verdict }) => verdict ?? 'inconclusive')),
    ...(configFile !== undefined && functions.some(({ configLine }) => configLine !== undefined) ? { configFile } : {}),
    functions: [...checked],
    leftBehind: measured.flatMap(({ leftBehind }) => leftBehind),
  };
}
