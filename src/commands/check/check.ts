import { type ExitCode, isErrorCode, TuneError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import { toolVersion } from '../../base/version.ts';
import { worstVerdict } from '../../check/verdict.ts';
import type { CheckedFunction, CheckResult } from '../../model/check.ts';
import { checkSchemaVersion } from '../../model/check.ts';
import { checkReporters } from '../../reporters/registry.ts';
import { guardedByAncestors } from '../shared/ancestry.ts';
import { asCheck } from '../shared/documents.ts';
import { checkExitCodeOf } from '../shared/exitCode.ts';
import { type Done, type Onlooker, terminalOnlooker } from '../shared/onlooker.ts';
import { planOutputs, writeOutputs } from '../shared/outputs.ts';
import { type AskedFunctions, loadAsked } from './askedFunctions.ts';
import { prepareCheck } from './checkFunction.ts';
import { type MeasuredFunctions, measureFunctions } from './measureFunctions.ts';

/** `tune check`: what a person types and sees around `checkFunctions`. */
export async function runCheckCommand(flags: Readonly<Record<string, unknown>>, io: Io): Promise<ExitCode> {
  const asked = await loadAsked(flags, io);
  const { common } = asked;
  const outputs = await planOutputs(common, Object.keys(checkReporters), io);
  return guardedByAncestors(io, async () => {
    const { exitCode } = await checkFunctions(asked, io, terminalOnlooker(common, io), (result) =>
      writeOutputs(outputs, asCheck(result), io, common),
    );
    return exitCode;
  });
}

/** Functions → read all → plan, consent → measure until decided → one document, one exit code. */
export function checkFunctions(
  asked: AskedFunctions,
  io: Io,
  onlooker: Onlooker,
  show: (result: CheckResult) => Promise<void>,
): Promise<Done<CheckResult>> {
  return measureFunctions(asked, 'Check', prepareCheck, io, onlooker, async (found) => {
    const saved = resultOf(asked, found, io.now());
    await show(saved);
    // What was not to be measured is nothing that went wrong; what cannot be measured is, also in a dry run.
    const wanted = found.measured.filter(({ isDryRun }) => !isDryRun).map(({ checked }) => checked);
    const exitCode = checkExitCodeOf({ ...saved, functions: wanted }, asked.common, io.interrupted);
    const [only, ...others] = wanted;
    const failure = others.length === 0 && only?.verdict === null ? failureOf(only) : undefined;
    return { saved, exitCode, failure };
  });
}

/** Among several a function that could not be measured is a row; alone it is how the check failed. */
function failureOf({ error }: CheckedFunction): Error | undefined {
  if (error === undefined) return undefined;
  const { code, message, hint } = error;
  return isErrorCode(code) ? new TuneError(code, message, { hint }) : new Error(message);
}

function resultOf(
  { functions, configFile, common }: AskedFunctions,
  { run, measured, startedAt, isLocal }: MeasuredFunctions,
  finishedAt: Date,
): CheckResult {
  const checked: readonly CheckedFunction[] = measured.map((one) => one.checked);
  return {
    schemaVersion: checkSchemaVersion,
    tool: { name: 'lambda-tune', version: toolVersion },
    assumedRole: common.assumeRole,
    runId: run.id,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    backend: isLocal ? 'local' : 'aws',
    verdict: worstVerdict(checked.map(({ verdict }) => verdict ?? 'inconclusive')),
    configFile:
      configFile !== undefined && functions.some(({ configLine }) => configLine !== undefined) ? configFile : undefined,
    functions: [...checked],
    leftBehind: measured.flatMap(({ leftBehind }) => leftBehind),
  };
}
