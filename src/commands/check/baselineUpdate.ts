import { keptError } from '../../base/errors.ts';
import type { Io } from '../../base/io.ts';
import type { CheckedFunction } from '../../model/check.ts';
import type { TuningResult } from '../../model/run.ts';
import { sizeText } from './baselineRecipe.ts';
import { isMeasured, missingOf } from './baselineSaving.ts';
import { writeBaseline } from './checkBaseline.ts';
import type { PreparedCheck } from './preparedCheck.ts';

/** The new run becomes the baseline after a pass, or with a reason; what went wrong with it is the function's error. */
export async function updateBaseline(
  checked: CheckedFunction,
  newRun: TuningResult,
  { askedFunction, saving }: PreparedCheck,
  io: Io,
): Promise<CheckedFunction> {
  const { updateBaseline, acceptRegression, allowError, baseline: [file] = [] } = askedFunction.options;
  if (!updateBaseline || file === undefined || checked.verdict === null) return checked;
  const noted = (note: string) => ({ ...checked, notes: [...checked.notes, note] });
  if (checked.verdict !== 'passed' && acceptRegression === undefined) {
    return noted(`The baseline ${file} was not updated: that needs a pass, or --accept-regression "<reason>".`);
  }
  if (!newRun.configurations.some(isMeasured)) return noted(`The baseline ${file} was not updated: no call succeeded.`);
  const missing = saving === undefined ? undefined : missingOf(saving, newRun, allowError);
  if (missing !== undefined) {
    return noted(
      `The baseline ${file} was not updated: no check could decide with what was measured; it would take ${sizeText(missing)}.`,
    );
  }
  const reason = checked.verdict === 'passed' ? undefined : acceptRegression;
  try {
    await writeBaseline(file, newRun, reason, io);
  } catch (error) {
    return { ...checked, error: keptError(error) };
  }
  return { ...noted(`The baseline ${file} was updated.`), acceptedRegression: reason };
}
