import { stat } from 'node:fs/promises';
import { TuneError } from '../../../base/errors.ts';
import type { Io } from '../../../base/io.ts';
import { findRuntime } from '../../../local/launch/runtimes.ts';
import { isVariableName, reservedVariables } from '../../../model/lambda/variables.ts';

/** What Lambda would refuse is refused before anything is started. @throws TuneError USAGE */
export function requireVariables(names: readonly string[], where: string): void {
  for (const name of names) {
    if (!isVariableName(name)) {
      throw new TuneError('USAGE', `${where} names a variable that Lambda does not take: ${name}.`, {
        hint: 'Its name is two or more letters, digits and _, a letter first.',
      });
    }
    if (reservedVariables.has(name)) {
      throw new TuneError('USAGE', `${where} names a variable that is set by Lambda itself: ${name}.`, {
        hint: 'Leave it out.',
      });
    }
  }
}

/** @throws TuneError CODE */
export async function requireBuilt(path: string, written: string, name: string): Promise<void> {
  const problem = await stat(path).then(
    () => undefined,
    (cause: unknown) => ({ cause }),
  );
  if (problem === undefined) return;
  throw new TuneError('CODE', `The code of ${name} is not where the template says: ${written}.`, {
    hint: 'Build it first (sam build, cdk synth or your own build), then run the same again.',
    cause: problem.cause,
  });
}

/** Found out before anything is started for it. */
export async function requireRunnable(
  {
    runtime,
    handler,
    files,
  }: { readonly runtime: string; readonly handler: string; readonly files: readonly string[] },
  io: Io,
): Promise<void> {
  if (/^(?:nodejs|provided)/.test(runtime)) return;
  const found = await findRuntime(runtime, { execPath: io.execPath, path: io.env.PATH ?? '' });
  found.check?.(handler, files);
}
